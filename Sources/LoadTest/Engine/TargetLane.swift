// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// What a loop has of one target.
struct TargetLane {
    let reader: TargetReader
    let recorder: TargetRecorder
    let request: [UInt8]

    init(plan: LoadPlan, target: Int, places: Int, origin: Nanoseconds) {
        reader = TargetReader(target: plan.targets[target])
        recorder = TargetRecorder(plan: plan, target: target, places: places, origin: origin)
        recorder.cadence = plan.targets[target].cadence
        request = RequestBytes.render(
            plan.targets[target],
            userAgent: plan.userAgent,
            keepsConnections: plan.keepsConnections
        )
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension LoadLoop {
    /// Of all reads, so many may lack a stamp: the kernel begins to stamp a moment after it was asked to.
    private static let unstampedShare = 0.01

    mutating func publish() {
        gauge.figures.running = running
        gauge.figures.isWarmingUp = start == nil
        live.set(gauge.read(elapsed: max(0, now - origin), trust: trust))
    }

    /// Closes what is open, and tells what has been measured.
    mutating func finish() -> RunRecord {
        now = KernelClock.now()
        if let start { MachineCounters.read().tell(since: start, &trust) }
        publish()
        for place in 0..<places.used { closeSocket(place) }
        trust.clockSteps = clock.steps
        let reads = stampedReads + unstampedReads
        trust.lacksKernelStamps = Double(unstampedReads) > Double(reads) * Self.unstampedShare
        var run = RunRecord()
        run.signals = trust
        run.wasInterrupted = signals.isInterrupted
        run.targets = plan.targets.indices.map { record(of: $0) }
        return run
    }

    private func record(of target: Int) -> TargetRecord {
        let lane = lanes + target
        lane.pointee.recorder.finish(at: now)
        var record = lane.pointee.recorder.record
        record.planned = driver.plannedCounts.indices.contains(target) ? driver.plannedCounts[target] : 0
        record.format = lane.pointee.reader.format
        record.reading = lane.pointee.reader.counts
        return record
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import MockModel
internal import Typewriter

extension AnswerScript {
    /// Pauses pass `speed` times as fast; 0 passes over them.
    func scaled(by speed: Double) -> AnswerScript {
        guard speed != 1 else { return self }
        var script = self
        script.steps = steps.compactMap { step in
            guard case .pause(let time) = step else { return step }
            return speed > 0 ? .pause(Nanoseconds(Double(time) / speed)) : nil
        }
        return script
    }
}

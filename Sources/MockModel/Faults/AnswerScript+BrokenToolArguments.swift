// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension AnswerScript {
    /// The same script, but that the JSON of each tool call's arguments lacks its last character
    /// (``Fault/Kind/brokenToolArguments``); arguments that are empty become an open brace.
    public func breakingToolArguments() -> AnswerScript {
        var script = self
        script.steps = steps.map { step in
            guard case .toolCall(var call) = step else { return step }
            let text = String(decoding: call.arguments, as: UTF8.self)
            call.arguments = text.isEmpty ? Array("{".utf8) : Array(String(text.unicodeScalars.dropLast()).utf8)
            return .toolCall(call)
        }
        return script
    }
}

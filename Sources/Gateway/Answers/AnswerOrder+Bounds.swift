// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import MockModel
internal import WireFormats

extension AnswerOrder {
    /// Text of all choices together. Some 50 ms to write as one body, for which an event loop waits.
    private static let mostText = 16 << 20
    /// Text of an answer in one body that tells log probabilities, of which each token has a hundred bytes or more;
    /// and text of a stream that is rendered beforehand, to tell its length wrong.
    private static let mostCostlyText = 256 << 10

    /// Refuses what would keep the event loop from all others for long.
    func checkSize() throws(RequestProblem) {
        guard case .scripts(let scripts) = source else { return }
        let text = scripts.reduce(0) { $0 + $1.writtenBytes }
        if scripts.count > 1 { try Self.check(textOfChoices: text) }
        if !chat.isStreamed, let top = chat.topLogprobs, text / 20 * (20 + top) > Self.mostCostlyText {
            let limit = (Self.mostCostlyText * 20 / (20 + top)) >> 10
            let way = "Ask for a stream, for fewer choices, fewer log probabilities or less text"
            throw Self.tooLarge("\(limit) KiB of text with its log probabilities. \(way)", "top_logprobs")
        }
        if chat.isStreamed, plan.contentLengthExcess != nil, text > Self.mostCostlyText {
            let limit = "\(Self.mostCostlyText >> 10) KiB of text whose Content-Length is to be wrong"
            throw Self.tooLarge("\(limit). Ask for less text", "fault")
        }
    }

    static func check(textOfChoices bytes: Int) throws(RequestProblem) {
        guard bytes > mostText else { return }
        throw tooLarge("\(mostText >> 20) MiB in all its choices. Ask for fewer, or for shorter ones", "n")
    }

    private static func tooLarge(_ limit: String, _ parameter: String) -> RequestProblem {
        RequestProblem(
            code: "answer_too_large",
            message: "The mock's answer would be too large: it has room for \(limit).",
            parameter: parameter
        )
    }
}

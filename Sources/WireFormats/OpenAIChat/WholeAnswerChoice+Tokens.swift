// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension WholeAnswer.Choice {
    /// The places of the text's tokens, as far as its ends tell them in order.
    var tokens: [Range<Int>] {
        var tokens: [Range<Int>] = []
        var start = 0
        for end in tokenEnds where end > start && end <= text.count {
            tokens.append(start..<end)
            start = end
        }
        return tokens
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// A fault in the words of this format (openai-responses.md 3 and 5): the schema has but a few codes.
struct OpenAIResponseFault: Equatable, Sendable {
    let type: String
    let code: String
    let message: String

    init(_ fault: ChatFault) {
        let isRateLimit = fault.status == 429
        type = isRateLimit ? "rate_limit_error" : "server_error"
        code = isRateLimit ? "rate_limit_exceeded" : "server_error"
        message = fault.message
    }
}

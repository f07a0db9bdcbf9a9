// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON
internal import Typewriter
internal import WireFormats

/// A response of the Responses API that can be asked for again. Its order tells what it says at any time, so no text is
/// kept.
struct StoredResponse: Sendable {
    let request: OpenAIResponsesRequest
    let order: AnswerOrder
    /// When it was called off, on the monotonic clock.
    var cancelled: Nanoseconds?

    /// About what it weighs in memory.
    var bytes: Int {
        order.chat.messages.reduce(4096) { $0 + $1.content.utf8.count }
    }

    /// The response as it stands at `now`.
    func object(at now: Nanoseconds) -> OpenAIResponseObject {
        let preview = AnswerPreview(order, at: cancelled ?? now)
        let progress: OpenAIResponseObject.Progress =
            if preview.isWhole {
                .whole(WholeAnswer(choices: [preview.choice], usage: preview.usage))
            } else if cancelled != nil {
                .cancelled(preview.choice)
            } else if preview.hasBegun {
                .inProgress(preview.choice)
            } else {
                .queued
            }
        return OpenAIResponseObject(request, for: order.identity, as: progress)
    }

    /// The turns that a later request goes on from.
    var history: [ChatMessage] {
        let preview = AnswerPreview(order, at: .max / 2)
        let answer = WholeAnswer(choices: [preview.choice], usage: preview.usage)
        return request.history(after: answer, for: order.identity)
    }

    /// The items of what was asked and of what was said.
    var items: [JSONValue] {
        let said = (try? JSONReader.read(object(at: .max / 2).bytes))?["output"]?.array ?? []
        return request.inputItems(for: order.identity) + said
    }
}

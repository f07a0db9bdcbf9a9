// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// A request of one of Ollama's two calls for text.
public protocol OllamaRequest: WireRequest {
    /// Nothing is said: the model is to be loaded, or unloaded. ``loadBody(for:)`` is the answer.
    var isLoad: Bool { get }
    /// The model is not to be kept.
    var isUnload: Bool { get }
    static var kind: OllamaKind { get }
}

extension OllamaRequest {
    public var streamType: String { "application/x-ndjson" }

    public var fields: [(name: String, value: String)] { [] }

    public func renderer(for identity: AnswerIdentity) -> any AnswerRenderer {
        OllamaRenderer(Self.kind, for: identity)
    }

    public func body(of answer: WholeAnswer, for identity: AnswerIdentity) -> [UInt8] {
        OllamaBody.body(of: answer, Self.kind, for: identity)
    }

    /// The answer of a request that ``isLoad``: one object, streamed or not.
    public func loadBody(for identity: AnswerIdentity) -> [UInt8] {
        OllamaBody.loadBody(Self.kind, unloads: isUnload, for: identity)
    }
}

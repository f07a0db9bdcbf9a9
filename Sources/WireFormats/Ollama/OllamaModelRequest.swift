// SPDX-License-Identifier: Apache-2.0

/// A request of Ollama's that names a model and asks no text of it: show, pull, push, create, copy, delete.
public struct OllamaModelRequest: Equatable, Sendable {
    /// `model`, or its old name `name`, or `source` of a copy; whole, with what follows `?`.
    public var model: String
    /// `stream`, which is true where it is not given: the progress of a pull comes as lines.
    public var isStreamed: Bool

    public init(body: [UInt8]) throws(RequestProblem) {
        let body = try BodyField(body: body)
        let given = ["model", "name", "source"].first { body.optional($0) != nil }
        let field = try body.required(given ?? "model")
        model = try field.text()
        guard !model.isEmpty else { throw field.problem("\"\(field.path)\" is empty; name a model.") }
        isStreamed = try body.optional("stream")?.flag() ?? true
    }
}

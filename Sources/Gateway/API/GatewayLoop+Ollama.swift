// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import MockModel
internal import WireFormats

extension GatewayLoop {
    /// What Ollama's API offers beside its chat.
    func answerOllama(_ call: APIRoute.OllamaCall, _ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        let names = services.catalogue.apiNames(knownModels: services.configuration.mock.models)
        switch call {
        case .generate: try askOllama(OllamaGenerateRequest(body: json(request)), request, reply)
        case .embed: try embedOllama(OllamaEmbed(body: json(request)), at: "/api/embed", request, reply)
        case .embeddings: try embedOllama(OllamaEmbed(oldBody: json(request)), at: "/api/embeddings", request, reply)
        case .tags: reply.sendJSON(OllamaCatalogue.tags(names))
        case .ps: reply.sendJSON(OllamaCatalogue.loaded(Array(names.prefix(1)), now: WallClock.nanoseconds()))
        case .version: reply.sendJSON(OllamaCatalogue.version)
        case .show:
            let name = try MockParameters.split(OllamaModelRequest(body: json(request)).model).name
            _ = try services.catalogue.apiModel(named: name, knownModels: services.configuration.mock.models)
            reply.sendJSON(OllamaCatalogue.show(name))
        case .pull, .push, .create, .copy, .delete:
            reply.send(
                ServerResponse(
                    status: .ok,
                    fields: [.contentType: "application/x-ndjson"],
                    body: OllamaCatalogue.success
                )
            )
        }
    }

    func askOllama(_ wire: some OllamaRequest, _ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        guard wire.isLoad else { return try ask(wire, request, reply) }
        reply.sendJSON(wire.loadBody(for: loadIdentity(wire.chat)))
    }

    private func loadIdentity(_ chat: ChatRequest) -> AnswerIdentity {
        AnswerIdentity(model: chat.model, seed: 0, created: WallClock.nanoseconds(), inputTokens: 0)
    }

    private func embedOllama(
        _ wire: OllamaEmbed,
        at path: String,
        _ request: ServerRequest,
        _ reply: Reply
    ) throws(RequestProblem) {
        guard try !passOn(.ollamaChat, path, model: wire.model, request, reply) else { return }
        try refuseVectors(of: MockParameters.split(wire.model).name)
        let vectors = wire.inputs.map { embedding(Array($0.utf8), wire.dimensions) }
        let tokens = wire.inputs.reduce(0) { $0 + StreamSpec.estimatedTokens(bytes: $1.utf8.count) }
        reply.sendJSON(wire.body(of: vectors, model: wire.model, inputTokens: tokens))
    }
}

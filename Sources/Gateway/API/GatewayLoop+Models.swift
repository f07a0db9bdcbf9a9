// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import MockModel
internal import WireFormats

extension GatewayLoop {
    /// The models, in the shape of whose list is wanted.
    func listModels(_ family: APIFamily, _ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        let names = services.catalogue.apiNames(knownModels: services.configuration.mock.models)
        switch family {
        case .anthropic:
            let page = try ParameterSet(query: request.query ?? "")
            reply.sendJSON(try AnthropicModels.list(names.map { ($0, $0) }, page: page))
        case .gemini: reply.sendJSON(GeminiModels.list(names.map { ($0, $0) }))
        case .openAI, .ollama, .interface: reply.sendJSON(OpenAIModels.list(names))
        }
    }

    /// One model: any name that can be asked for.
    func describeModel(_ name: String, _ family: APIFamily, _ reply: Reply) throws(RequestProblem) {
        let plain = try MockParameters.split(name).name
        _ = try services.catalogue.apiModel(named: plain, knownModels: services.configuration.mock.models)
        switch family {
        case .anthropic: reply.sendJSON(try AnthropicModels.get(plain, of: [(plain, plain)]))
        case .gemini: reply.sendJSON(GeminiModels.model(name: plain, displayName: plain))
        case .openAI, .ollama, .interface: reply.sendJSON(OpenAIModels.model(plain))
        }
    }

    /// `POST /v1/embeddings`.
    func embed(_ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        let wire = try OpenAIEmbeddingsRequest(body: json(request))
        let name = try MockParameters.split(wire.model).name
        for format in [WireFormat.openAIChat, .openAIResponses]
        where try passOn(format, "/embeddings", model: wire.model, request, reply) { return }
        try refuseVectors(of: name)
        let vectors = wire.inputs.map { embedding($0.bytes, wire.dimensions) }
        let tokens = wire.inputs.reduce(0) { $0 + StreamSpec.estimatedTokens(bytes: $1.bytes.count) }
        reply.sendJSON(wire.body(of: vectors, model: name, inputTokens: tokens))
    }

    /// Vectors are the mock's only where the model is: made-up ones in the place of a real model's would be worse than
    /// none.
    func refuseVectors(of model: String) throws(RequestProblem) {
        let known = services.configuration.mock.models
        guard case .upstream = try services.catalogue.apiModel(named: model, knownModels: known) else { return }
        throw RequestProblem(
            code: "unsupported_parameter",
            message: "The upstream of this model makes vectors only for clients of its own format.",
            parameter: "model"
        )
    }

    /// The vector of a text, the same each time.
    func embedding(_ text: [UInt8], _ dimensions: Int?) -> [Float] {
        EmbeddingVector.make(text: text, dimensions: dimensions ?? EmbeddingVector.defaultDimensions)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import MockModel
internal import WireFormats

extension GatewayLoop {
    /// `POST /v1beta/models/<model>:<verb>`.
    func askGemini(
        _ model: String,
        _ verb: APIRoute.GeminiVerb,
        _ request: ServerRequest,
        _ reply: Reply
    ) throws(RequestProblem) {
        let body = try json(request)
        switch verb {
        case .generateContent, .streamGenerateContent:
            let isEventStream = request.query?.split(separator: "&").contains("alt=sse") ?? false
            let wire = try read(.gemini, model: model, request) { body throws(RequestProblem) in
                try GeminiRequest(
                    body: body,
                    model: model,
                    isStreamed: verb == .streamGenerateContent,
                    isEventStream: isEventStream
                )
            }
            try ask(wire, request, reply)
        case .countTokens:
            let wire = try GeminiRequest(countBody: body, model: model)
            guard try !passOn(.gemini, verb.rawValue, model: wire.chat.model, request, reply) else { return }
            reply.sendJSON(GeminiCount.body(tokens: TokenEstimate.input(wire.chat)))
        case .embedContent, .batchEmbedContents:
            let wire = try GeminiEmbedRequest(body: body, isBatch: verb == .batchEmbedContents)
            guard try !passOn(.gemini, verb.rawValue, model: model, request, reply) else { return }
            try refuseVectors(of: MockParameters.split(model).name)
            reply.sendJSON(wire.body(of: wire.texts.map { embedding(Array($0.utf8), wire.dimensions) }))
        }
    }
}

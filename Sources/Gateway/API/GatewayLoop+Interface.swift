// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import MockModel
internal import Typewriter
internal import WireFormats

extension GatewayLoop {
    /// `POST /api/chat` of the AI SDK's user interface.
    func askInterface(_ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        let wire = try UIMessageStreamRequest(body: json(request))
        let order = try order(for: wire, request, reply)
        if let chat = wire.chatID, order.isScripted {
            services.interfaceChats.put(order, as: chat, bytes: Self.weight(of: request))
        }
        answer(order, reply)
    }

    /// About what a request weighs once it is read: its text is kept in two or three forms.
    static func weight(of request: ServerRequest) -> Int {
        4096 + 3 * request.body.count
    }

    /// `GET /api/chat/<chat id>/stream`: the whole stream again while it runs (ai-sdk-ui-stream.md 4).
    func resumeInterface(_ chat: String, _ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        guard var order = services.interfaceChats[chat], !AnswerPreview(order, at: Pacer.now()).isWhole else {
            return reply.sendNothing()
        }
        order.plan = FaultPlan()
        answer(order, reply)
    }
}

// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

@testable import HTTPServer

/// Keeps each request and its exchange, for the test to answer.
final class HeldResponder: HTTPResponder {
    private(set) var requests: [ServerRequest] = []
    private(set) var exchanges: [Exchange] = []
    private(set) var refusedPaths: [String?] = []

    func respond(to request: ServerRequest, through exchange: Exchange) {
        requests.append(request)
        exchanges.append(exchange)
    }

    func answer(to problem: HTTPProblem, request: ServerRequest?) -> ServerResponse {
        refusedPaths.append(request?.path)
        return ServerResponse(status: problem.status, body: Array(problem.code.utf8))
    }

    func handshakeFailed(_ reason: String, client: String?) {}

    func forgetExchanges() {
        exchanges = []
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import HTTPTypes
internal import WireFormats

/// Sends a request that came in plain to the port that is protected.
enum SecureRedirect {
    /// The answer: 308, which keeps the method and the body (RFC 9110, section 15.4.9).
    /// - Parameter port: The protected one.
    static func answer(to request: ServerRequest, port: Int) throws(RequestProblem) -> ServerResponse {
        let host = HostName.withoutPort(request.host ?? "")
        guard HostName.isValid(host), request.path.hasPrefix("/") else {
            throw RequestProblem(
                status: 400,
                code: "bad_host",
                message: "This port only points to the one with TLS, which needs a valid Host field and a path."
            )
        }
        let place = port == 443 ? host : "\(host):\(port)"
        let query = request.query.map { "?\($0)" } ?? ""
        let fields: HTTPFields = [.location: "https://\(place)\(request.path)\(query)"]
        return ServerResponse(status: .permanentRedirect, fields: fields)
    }
}

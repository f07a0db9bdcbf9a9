// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.timeLimit(.minutes(5)))
struct PipelineTests {
    @Test
    func `an answer has the framing of its own request's version, whatever waits behind it`() async throws {
        try await GatewayHarness.run { port in
            let target = "/chat/stream?prompt=hi&model=echo&rate=100&ttft=0"
            let requests =
                Visit.request("GET", target) + Visit.request("GET", target) + "GET \(target) HTTP/1.0\r\n\r\n"
            let bytes = try await Visit.bytes(port: port, requests)
            let heads = String(decoding: bytes, as: UTF8.self).components(between: "HTTP/1.1 200 OK", and: "\r\n\r\n")
            #expect(heads.map { $0.contains("Transfer-Encoding: chunked") } == [true, true, false])
            #expect(heads.map { $0.contains("connection: close") } == [false, false, true])
        }
    }
}

extension String {
    /// What stands after each `start`, up to the next `end`.
    fileprivate func components(between start: String, and end: String) -> [Substring] {
        ranges(of: start).map { range in
            let rest = self[range.upperBound...]
            return rest.firstRange(of: end).map { rest[..<$0.lowerBound] } ?? rest
        }
    }
}

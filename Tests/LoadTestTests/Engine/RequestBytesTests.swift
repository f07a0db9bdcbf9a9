// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct RequestBytesTests {
    private func text(
        _ url: String,
        headers: [Target.Field] = [],
        body: String? = nil,
        keeps: Bool = true
    ) throws -> String {
        var target = try Target(url: url)
        target.headers = headers
        target.body = body.map { Array($0.utf8) }
        let bytes = RequestBytes.render(target, userAgent: "typebar-bench/1", keepsConnections: keeps)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `without a body it is a GET that asks for a stream`() throws {
        #expect(
            try text("http://localhost:8080/a?b=1") == """
                GET /a?b=1 HTTP/1.1\r
                Host: localhost:8080\r
                User-Agent: typebar-bench/1\r
                Accept: text/event-stream, */*\r
                \r

                """
        )
    }

    @Test func `a body is posted with its length in bytes`() throws {
        let request = try text("http://localhost:8080/", body: #"{"a":"é"}"#)
        #expect(request.hasPrefix("POST / HTTP/1.1\r\n"))
        #expect(request.contains("\r\nContent-Type: application/json\r\nContent-Length: 10\r\n"))
        #expect(request.hasSuffix("\r\n\r\n{\"a\":\"é\"}"))
    }

    @Test func `a field of the target's replaces ours of the same name in any case`() throws {
        let fields = [Target.Field(name: "ACCEPT", value: "a/b"), Target.Field(name: "X-Key", value: "k")]
        let request = try text("http://localhost/", headers: fields)
        #expect(!request.contains("text/event-stream"))
        #expect(request.hasSuffix("\r\nACCEPT: a/b\r\nX-Key: k\r\n\r\n"))
    }

    @Test func `the host has its port unless it is 80, and an IPv6 address its brackets`() throws {
        #expect(try text("http://example.org/").contains("\r\nHost: example.org\r\n"))
        var target = try Target(url: "http://localhost/")
        target.port = 81
        target.host = "::1"
        let bytes = RequestBytes.render(target, userAgent: "a", keepsConnections: true)
        #expect(String(decoding: bytes, as: UTF8.self).contains("\r\nHost: [::1]:81\r\n"))
    }

    @Test func `a connection for one request says so`() throws {
        #expect(try text("http://localhost/", keeps: false).contains("\r\nConnection: close\r\n"))
    }
}

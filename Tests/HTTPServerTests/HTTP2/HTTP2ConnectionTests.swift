// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import Testing

@testable import HTTPServer

struct HTTP2ConnectionTests {
    private let head: HTTPFields = [.contentType: "text/plain"]

    @Test func `a request of HTTP/2 reaches the responder like one of HTTP/1`() throws {
        let peers = try HTTP2Peers()
        peers.request(1, method: "POST", path: "/a?b=c", fields: [("cookie", "x=1"), ("cookie", "y=2")], isLast: false)
        peers.body(Array("hel".utf8), isLast: false, on: 1)
        peers.body(Array("lo".utf8), isLast: true, on: 1)
        peers.pump()
        let request = try #require(peers.responder.requests.first)
        #expect(request.method == .post)
        #expect(request.path == "/a")
        #expect(request.query == "b=c")
        #expect(request.host == "here")
        #expect(request.fields[.cookie] == "x=1; y=2")
        #expect(request.body == Array("hello".utf8))
        #expect(request.hasBody)
        #expect(!request.isSecure)
    }

    @Test func `a whole answer has its length and its date and no field of a connection of HTTP/1`() throws {
        let peers = try HTTP2Peers()
        peers.request(1)
        peers.pump()
        var ends: [ExchangeEnd] = []
        peers.responder.exchanges[0].onEnd { ends.append($0) }
        let fields: HTTPFields = [.contentType: "text/plain", .connection: "close", .transferEncoding: "chunked"]
        peers.responder.exchanges[0].respond(ServerResponse(status: .ok, fields: fields, body: Array("hello".utf8)))
        peers.pump()
        let answer = try #require(peers.answers[1])
        #expect(answer.statuses == ["200"])
        #expect(answer.text == "hello")
        #expect(answer.hasEnded)
        #expect(answer.fields.first(name: "content-length") == "5")
        #expect(answer.fields.first(name: "date")?.hasSuffix("GMT") == true)
        #expect(!answer.fields.contains(name: "connection"))
        #expect(!answer.fields.contains(name: "transfer-encoding"))
        #expect(ends.map(\.isComplete) == [true])
        #expect(ends[0].bytes > 5)
        #expect(peers.serverLoop.scratch.writtenBytes == ends[0].bytes)
    }

    @Test func `HEAD is answered with a head`() throws {
        let peers = try HTTP2Peers()
        peers.request(1, method: "HEAD")
        peers.pump()
        peers.responder.exchanges[0].respond(ServerResponse(status: .ok, body: [1, 2, 3]))
        peers.pump()
        #expect(peers.answers[1]?.hasEnded == true)
        #expect(peers.answers[1]?.body.isEmpty == true)
        #expect(peers.answers[1]?.fields.first(name: "content-length") == "3")
    }

    @Test func `what many streams write in one turn leaves with one flush`() throws {
        let peers = try HTTP2Peers()
        for number in 0..<20 { peers.request(HTTP2StreamID(2 * number + 1)) }
        peers.pump()
        let outlets = peers.responder.exchanges.map { $0.stream(status: .ok, fields: head) }
        let before = peers.flushes.count
        for outlet in outlets { outlet.write { $0.append(contentsOf: "hello".utf8) } }
        #expect(peers.flushes.count == before)
        peers.loop.run()
        #expect(peers.flushes.count == before + 1)
        peers.pump()
        #expect(peers.answers.values.filter { $0.text == "hello" && $0.frames == 1 }.count == 20)
    }

    @Test func `the first write takes the head along, also where it writes nothing`() throws {
        let peers = try HTTP2Peers()
        peers.request(1)
        peers.pump()
        let outlet = peers.responder.exchanges[0].stream(status: .ok, fields: head)
        peers.pump()
        #expect(peers.answers[1] == nil)
        outlet.write { _ in }
        peers.pump()
        #expect(peers.answers[1]?.statuses == ["200"])
        outlet.finish { $0.append(1) }
        peers.pump()
        #expect(peers.answers[1]?.body == [1])
        #expect(peers.answers[1]?.hasEnded == true)
    }

    @Test func `trailers are taken for the end of a body, and else ignored`() throws {
        let peers = try HTTP2Peers()
        peers.request(1, method: "POST", isLast: false)
        peers.body([1], isLast: false, on: 1)
        peers.send(.headers(.init(headers: ["x-sum": "1"], endStream: true)), on: 1)
        peers.pump()
        #expect(peers.responder.requests.map(\.body) == [[1]])
    }

    @Test func `a client that waits for 100 is told to go on`() throws {
        let peers = try HTTP2Peers()
        peers.request(1, method: "POST", fields: [("expect", "100-continue")], isLast: false)
        peers.pump()
        #expect(peers.answers[1]?.statuses == ["100"])
        peers.body([1], isLast: true, on: 1)
        peers.pump()
        #expect(peers.responder.requests.count == 1)
    }

    @Test(arguments: [
        ("CONNECT", "", [], "501"),
        ("GET", "/" + String(repeating: "a", count: 101), [], "414"),
        ("GET", "/", [("x", String(repeating: "a", count: 400))], "431"),
        ("GET", "here", [], "400"),
        ("GET", "/", [("host", "there")], "400"),
        ("GET", "/", [("expect", "tea")], "417"),
        ("POST", "/", [("content-length", "1001")], "413"),
    ])
    func `a head that is wanting is answered with why`(
        method: String,
        path: String,
        fields: [(String, String)],
        status: String
    ) throws {
        let peers = try HTTP2Peers(limits: small)
        if method == "CONNECT" {
            let head: HPACKHeaders = [":method": method, ":authority": "here:1"]
            peers.send(.headers(.init(headers: head, endStream: true)), on: 1)
        } else {
            peers.request(1, method: method, path: path, fields: fields, isLast: method == "GET")
        }
        peers.pump()
        #expect(peers.answers[1]?.statuses == [status])
        #expect(peers.answers[1]?.hasEnded == true)
        #expect(peers.responder.refusedPaths == [path])
        #expect(peers.responder.requests.isEmpty)
        #expect(peers.goAways.isEmpty)
    }

    @Test func `a body beyond the limit is answered, and the connection goes on`() throws {
        let peers = try HTTP2Peers(limits: small)
        peers.request(1, method: "POST", isLast: false)
        for _ in 0..<5 { peers.body([UInt8](repeating: 0, count: 300), isLast: false, on: 1) }
        peers.pump()
        #expect(peers.answers[1]?.statuses == ["413"])
        #expect(peers.answers[1]?.hasEnded == true)
        peers.request(3)
        peers.pump()
        #expect(peers.responder.requests.count == 1)
    }

    @Test func `a body much larger than a window comes whole`() throws {
        let peers = try HTTP2Peers()
        peers.request(1, method: "POST", isLast: false)
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
        peers.body(body, isLast: true, on: 1)
        peers.pump()
        #expect(peers.responder.requests.first?.body == body)
    }

    @Test func `fields of a connection of HTTP/1 end the stream, and only that`() throws {
        let peers = try HTTP2Peers()
        peers.request(1, fields: [("connection", "close")])
        peers.pump()
        #expect(peers.answers[1]?.reset == .protocolError)
        #expect(peers.responder.requests.isEmpty)
        #expect(peers.server.isActive)
        #expect(peers.goAways.isEmpty)
    }

    private var small: HTTPLimits {
        var limits = HTTPLimits()
        limits.target = 100
        limits.head = 500
        limits.body = 1_000
        return limits
    }
}

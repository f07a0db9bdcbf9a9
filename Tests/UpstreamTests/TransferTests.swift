// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Upstream

/// Transfers against a real socket. One after the other, for they count the descriptors of the process.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct TransferTests {
    private let reactor: CurlReactor

    init() throws {
        try CurlReactor.prepareProcess()
        reactor = try CurlReactor()
    }

    @Test func `a connection at rest serves the next request`() async throws {
        let server = try #require(ScriptedServer([[.answer(), .answer()]]))
        let first = await perform(request(server.url))
        let second = await perform(request(server.url))
        #expect(first.ends == [.complete] && second.ends == [.complete])
        #expect(first.all.allSatisfy { !$0.isOnReusedConnection })
        #expect(second.all.allSatisfy { $0.isOnReusedConnection })
        reactor.shutDown()
        #expect(server.seen().map(\.connection) == [0, 0])
    }

    @Test func `without reuse each request has its own connection`() async throws {
        let server = try #require(ScriptedServer([[.answer()], [.answer()]]))
        var request = request(server.url)
        request.connection.reuseSeconds = 0
        for _ in 0..<2 { #expect(await perform(request).ends == [.complete]) }
        reactor.shutDown()
        #expect(server.seen().map(\.connection) == [0, 1])
    }

    @Test(arguments: [1, 200, 20_000, 300_000])
    func `a request that was lost on a reused connection is not sent twice`(bytes: Int) async throws {
        let server = try #require(ScriptedServer([[.answer(), .drop]]))
        _ = await perform(request(server.url))
        let lost = await perform(request(server.url, bytes: bytes))
        guard case .reset? = lost.ends.first else {
            Issue.record("\(lost.ends)")
            return
        }
        #expect(lost.all.count == 1 && lost.all[0].isOnReusedConnection)
        #expect(server.seen().map(\.bodyBytes) == [5, bytes])
        reactor.shutDown()
    }

    @Test func `a request that was lost in the midst of its body is not sent twice`() async throws {
        let server = try #require(ScriptedServer([[.answer(), .dropInBody]]))
        _ = await perform(request(server.url))
        let lost = await perform(request(server.url, bytes: 8 << 20))
        guard case .reset? = lost.ends.first else {
            Issue.record("\(lost.ends)")
            return
        }
        #expect(server.seen().count == 2)
        reactor.shutDown()
    }

    @Test func `a request whose pooled connection was closed at rest goes out on a new one`() async throws {
        let server = try #require(ScriptedServer([[.answer()], [.answer()]]))
        _ = await perform(request(server.url))
        await server.waitForClosing()
        let second = await perform(request(server.url))
        #expect(second.ends == [.complete])
        #expect(second.all.allSatisfy { !$0.isOnReusedConnection })
        reactor.shutDown()
        #expect(server.seen().map(\.connection) == [0, 1])
    }

    @Test func `a GET has no body`() async throws {
        let server = try #require(ScriptedServer([[.answer(fields: "Retry-After: 3\r\nX-A:  b \r\n")]]))
        var request = request(server.url)
        request.method = .get
        let answer = await perform(request)
        guard case .answered(let head)? = answer.all.first?.part else {
            Issue.record("no head")
            return
        }
        #expect(head.status == 200 && head.retryAfter == 3 && head.value(of: "x-a") == "b")
        reactor.shutDown()
        #expect(server.seen() == [.init(connection: 0, line: "GET /v1 HTTP/1.1", bodyBytes: 0)])
    }

    @Test func `the proxy is asked in the upstream's place`() async throws {
        let server = try #require(ScriptedServer([[.answer()]]))
        var request = request("http://upstream.invalid/v1")
        request.connection.proxy = "http://127.0.0.1:\(server.port)"
        #expect(await perform(request).ends == [.complete])
        reactor.shutDown()
        #expect(server.seen().map(\.line) == ["POST http://upstream.invalid/v1 HTTP/1.1"])
    }

    @Test(arguments: [true, false])
    func `a certificate file that is not there refuses`(isAuthority: Bool) async throws {
        let server = try #require(ScriptedServer([[.drop]]))
        var request = request(server.url.replacing("http:", with: "https:"))
        if isAuthority {
            request.connection.caFile = "/nowhere/it.pem"
        } else {
            request.connection.certificateFile = "/nowhere/it.pem"
        }
        let end = await perform(request).ends.first
        guard case .refused(let reason)? = end else {
            Issue.record("\(String(describing: end))")
            return
        }
        #expect(reason.contains("/nowhere/it.pem"))
        reactor.shutDown()
    }

    @Test func `transfers that are cancelled leave no descriptor`() async throws {
        let server = try #require(ScriptedServer([]))
        let mailbox = CollectingMailbox()
        let before = Self.descriptors()
        for _ in 0..<500 {
            reactor.cancel(reactor.start(request(server.url), deliveringTo: mailbox))
        }
        reactor.shutDown()
        // Tests that run beside this one have a few of their own.
        #expect(Self.descriptors() <= before + 100)
    }

    @Test func `a transfer whose bytes are acknowledged comes to its end`() async throws {
        let server = try #require(ScriptedServer([[.answer(bytes: 4 << 20)]]))
        let mailbox = AcknowledgingMailbox(reactor)
        _ = reactor.start(request(server.url), deliveringTo: mailbox)
        await mailbox.wait(forBytes: 4 << 20)
        #expect(mailbox.receivedBytes == 4 << 20)
        reactor.shutDown()
    }

    @Test func `a transfer whose bytes are not acknowledged pauses, and goes on when they are`() async throws {
        let server = try #require(ScriptedServer([[.answer(bytes: 1 << 20)]]))
        let mailbox = AcknowledgingMailbox(reactor, credit: 0)
        let id = reactor.start(request(server.url), deliveringTo: mailbox)
        await mailbox.wait(forBytes: 128 << 10)
        let paused = mailbox.receivedBytes
        #expect(paused < 256 << 10)
        // From another thread, while nothing else happens that could wake the reactor.
        reactor.acknowledge(id, bytes: paused)
        await mailbox.wait(forBytes: paused + 1)
        #expect(mailbox.receivedBytes > paused)
        reactor.cancel(id)
        reactor.shutDown()
    }

    private func request(_ url: String, bytes: Int = 5) -> TransferRequest {
        TransferRequest(url: url, fields: [], body: [UInt8](repeating: 120, count: bytes), connectMilliseconds: 5000)
    }

    private func perform(_ request: TransferRequest) async -> CollectingMailbox {
        let mailbox = CollectingMailbox()
        _ = reactor.start(request, deliveringTo: mailbox)
        await mailbox.waitForEnd()
        return mailbox
    }

    private static func descriptors() -> Int {
        (0..<4096).count { fcntl($0, F_GETFD) >= 0 }
    }
}

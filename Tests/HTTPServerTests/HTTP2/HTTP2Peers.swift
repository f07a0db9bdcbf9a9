// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2

@testable import HTTPServer

/// A server's connection and the library's client at its other end, in memory and on one loop.
final class HTTP2Peers {
    let loop = EmbeddedEventLoop()
    let serverLoop: ServerLoop
    let server: EmbeddedChannel
    let client: EmbeddedChannel
    let responder = HeldResponder()
    /// What the client has been told, by stream.
    private(set) var answers: [HTTP2StreamID: HTTP2Answer] = [:]
    private(set) var goAways: [NIOHTTP2.HTTP2ErrorCode] = []
    private(set) var lastTaken: HTTP2StreamID?
    /// Streams whose data the client takes from its window; of the others it takes no byte.
    var readsFrom: (HTTP2StreamID) -> Bool = { _ in true }
    /// How often the server has flushed what it wrote.
    let flushes = FlushCounter()

    /// - Parameter shakesHands: Each has the other's settings before anything else is sent.
    init(limits: HTTPLimits = HTTPLimits(), window: Int = 65_535, shakesHands: Bool = true) throws {
        serverLoop = ServerLoop(limits: limits, eventLoop: loop)
        serverLoop.responder = responder
        server = EmbeddedChannel(loop: loop)
        client = EmbeddedChannel(loop: loop)
        try server.pipeline.syncOperations.addHandler(flushes)
        try ConnectionSetup(channel: server, loop: serverLoop, facts: ConnectionFacts()).speakHTTP2()
        let settings = [HTTP2Setting(parameter: .initialWindowSize, value: window)]
        // A client that sends what it likes.
        let frames = NIOHTTP2Handler(mode: .client, initialSettings: settings, headerBlockValidation: .disabled)
        try client.pipeline.syncOperations.addHandler(frames)
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        server.connect(to: address, promise: nil)
        client.connect(to: address, promise: nil)
        if shakesHands { pump() }
    }

    // MARK: What the client does

    func send(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID = .rootStream) {
        client.writeAndFlush(HTTP2Frame(streamID: id, payload: payload), promise: nil)
    }

    func request(
        _ id: HTTP2StreamID,
        method: String = "GET",
        path: String = "/",
        fields: [(String, String)] = [],
        isLast: Bool = true
    ) {
        let head = [(":method", method), (":scheme", "http"), (":path", path), (":authority", "here")] + fields
        send(.headers(.init(headers: HPACKHeaders(head), endStream: isLast)), on: id)
    }

    func body(_ bytes: [UInt8], isLast: Bool, on id: HTTP2StreamID) {
        send(.data(.init(data: .byteBuffer(ByteBuffer(bytes: bytes)), endStream: isLast)), on: id)
    }

    func reset(_ id: HTTP2StreamID) {
        send(.rstStream(.cancel), on: id)
    }

    /// Bytes that no client of the library would send.
    func sendRaw(_ bytes: [UInt8]) {
        _ = try? server.writeInbound(ByteBuffer(bytes: bytes))
    }

    // MARK: The wire

    /// Carries bytes to and fro until neither has more to say.
    func pump() {
        for _ in 0..<1_000 {
            loop.run()
            let moved = carry(from: client, to: server)
            loop.run()
            let moreMoved = carry(from: server, to: client)
            readClient()
            guard moved || moreMoved else { return }
        }
    }

    /// Carries what the client has said to the server, and nothing back.
    func deliver() {
        loop.run()
        _ = carry(from: client, to: server)
    }

    private func carry(from: EmbeddedChannel, to: EmbeddedChannel) -> Bool {
        var bytes = ByteBuffer()
        while case .some(.byteBuffer(var piece)) = try? from.readOutbound(as: IOData.self) { bytes.writeBuffer(&piece) }
        guard bytes.readableBytes > 0 else { return false }
        if to.isActive { _ = try? to.writeInbound(bytes) }
        return true
    }

    private func readClient() {
        while let frame = try? client.readInbound(as: HTTP2Frame.self) {
            let id = frame.streamID
            switch frame.payload {
            case .headers(let headers):
                let status = headers.headers.first(name: ":status")
                answers[id, default: HTTP2Answer()].statuses.append(status ?? "")
                answers[id]?.fields = headers.headers
                if headers.endStream { answers[id]?.hasEnded = true }
            case .data(let data):
                answers[id]?.body += data.data.bytes
                answers[id]?.frames += 1
                if data.endStream { answers[id]?.hasEnded = true }
                if readsFrom(id), data.data.readableBytes > 0 { take(data.data.readableBytes, of: id) }
            case .rstStream(let code): answers[id, default: HTTP2Answer()].reset = code
            case .goAway(let last, let code, _):
                goAways.append(code)
                lastTaken = last
            default: break
            }
        }
    }

    /// Opens the windows again by as much as has come.
    func take(_ count: Int, of id: HTTP2StreamID) {
        if answers[id]?.hasEnded == false { send(.windowUpdate(windowSizeIncrement: count), on: id) }
        send(.windowUpdate(windowSizeIncrement: count))
    }
}

extension IOData {
    fileprivate var bytes: [UInt8] {
        if case .byteBuffer(let buffer) = self { Array(buffer.readableBytesView) } else { [] }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP2
internal import Typewriter

/// The streams of one connection of HTTP/2: takes and gives frames, without a channel for each stream.
final class HTTP2Wire: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    /// What a server is told at first (RFC 9113, section 6.5.2).
    static let settings: HTTP2Settings = [
        HTTP2Setting(parameter: .enablePush, value: 0),
        HTTP2Setting(parameter: .initialWindowSize, value: ReceiveWindow.stream),
        HTTP2Setting(parameter: .maxHeaderListSize, value: 64 << 10),
    ]
    /// Numbers of streams are of 31 bits: from here on a connection takes no more.
    private static let lastID: Int = 0x7FFF_0000

    private let engine: ChannelLoop
    private let connection: ChannelConnection
    private var context: ChannelHandlerContext?
    private(set) var streams: [HTTP2StreamID: ChannelStream] = [:]
    private var window = ReceiveWindow(size: ReceiveWindow.connection)
    private var nextID = 1
    private var hasSettings = false
    private var hasUnflushed = false
    /// The error that is told next was of a stream that has been ended for it.
    private var isErrorOfStream = false

    init(_ engine: ChannelLoop, _ connection: ChannelConnection) {
        self.engine = engine
        self.connection = connection
    }

    /// The preface is out by now: the handler before this one was added first.
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        write(.rootStream, .windowUpdate(windowSizeIncrement: ReceiveWindow.connection - ReceiveWindow.initial))
        flush()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    // MARK: Sending

    /// Writes a request on a stream of its own.
    func send(_ request: HTTP2Request, _ stream: ChannelStream) {
        let id = HTTP2StreamID(nextID)
        nextID += 2
        stream.id = id
        streams[id] = stream
        write(id, .headers(.init(headers: request.headers, endStream: request.body == nil)))
        if let body = request.body { write(id, .data(.init(data: .byteBuffer(body), endStream: true))) }
        flush()
        if nextID > Self.lastID { engine.leave(connection) }
    }

    /// The stream has ended for us.
    func abandon(_ stream: ChannelStream) {
        guard let id = stream.id, streams.removeValue(forKey: id) != nil else { return }
        write(id, .rstStream(.cancel))
        flush()
    }

    private func write(_ id: HTTP2StreamID, _ payload: HTTP2Frame.FramePayload) {
        context?.write(wrapOutboundOut(HTTP2Frame(streamID: id, payload: payload)), promise: nil)
        hasUnflushed = true
    }

    private func flush() {
        hasUnflushed = false
        context?.flush()
    }

    // MARK: Frames

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.payload {
        case .settings(.settings(let settings)): noteSettings(settings)
        case .goAway(let last, _, _): goAway(last)
        case .headers(let headers): takeHead(headers, frame.streamID)
        case .data(let data): takeData(data, frame.streamID)
        case .rstStream(let code):
            if let stream = streams.removeValue(forKey: frame.streamID) { engine.wasReset(stream, code: code) }
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if hasUnflushed { flush() }
        context.fireChannelReadComplete()
    }

    /// Frames have told of most streams' ends by now. One that is still here broke the rules, and was reset on this side, for
    /// which an error follows; but the other streams of the connection go on (RFC 9113, section 5.4.2).
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let closed = event as? StreamClosedEvent, closed.reason != nil,
            let stream = streams.removeValue(forKey: closed.streamID)
        {
            isErrorOfStream = true
            engine.brokeRules(stream)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        defer { isErrorOfStream = false }
        if !isErrorOfStream { context.fireErrorCaught(error) }
    }

    private func noteSettings(_ settings: HTTP2Settings) {
        let limit = settings.last { $0.parameter == .maxConcurrentStreams }?.value
        if hasSettings, limit == nil { return }
        hasSettings = true
        engine.opened(connection, streams: limit ?? .max)
    }

    /// Streams above the last one were not looked at: they may be sent again (RFC 9113, section 6.8).
    private func goAway(_ last: HTTP2StreamID) {
        let refused = streams.filter { $0.key > last }
        for id in refused.keys { streams[id] = nil }
        engine.leave(connection)
        for stream in refused.values.sorted(by: { $0.place < $1.place }) {
            engine.wasReset(stream, code: .refusedStream)
        }
    }

    private func takeHead(_ headers: HTTP2Frame.FramePayload.Headers, _ id: HTTP2StreamID) {
        guard let stream = take(id, isLast: headers.endStream) else { return }
        // Of trailers nothing matters but the end.
        if let head = HTTP2Answer.head(headers.headers) {
            guard take(head, stream), !HTTP2Answer.isInterim(headers.headers) else { return }
        }
        if headers.endStream, take(HTTP2Answer.bodyEnd, stream) { engine.closed(stream) }
    }

    private func takeData(_ data: HTTP2Frame.FramePayload.Data, _ id: HTTP2StreamID) {
        let padding = data.paddingBytes.map { $0 + 1 } ?? 0
        let count = data.data.readableBytes
        if let more = window.take(count + padding) { write(.rootStream, .windowUpdate(windowSizeIncrement: more)) }
        guard let stream = take(id, isLast: data.endStream), case .byteBuffer(let bytes) = data.data else { return }
        if !data.endStream, let more = stream.window.take(count + padding) {
            write(id, .windowUpdate(windowSizeIncrement: more))
        }
        if count > 0 {
            guard take(HTTP2Answer.chunkHead(count), stream) else { return }
            let goesOn = bytes.withUnsafeReadableBytes { engine.take($0, stream, at: connection.readAt) }
            guard goesOn, take(HTTP2Answer.chunkEnd, stream) else { return }
        }
        if data.endStream, take(HTTP2Answer.bodyEnd, stream) { engine.closed(stream) }
    }

    /// The stream of a frame. After its last one there is nothing left to abandon.
    private func take(_ id: HTTP2StreamID, isLast: Bool) -> ChannelStream? {
        isLast ? streams.removeValue(forKey: id) : streams[id]
    }

    private func take(_ bytes: [UInt8], _ stream: ChannelStream) -> Bool {
        bytes.withUnsafeBytes { engine.take($0, stream, at: connection.readAt) }
    }
}

@available(*, unavailable)
extension HTTP2Wire: Sendable {}

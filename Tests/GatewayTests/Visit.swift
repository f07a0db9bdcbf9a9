// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// One connection to the server: a request goes out, bytes come back, and the connection is cut.
enum Visit {
    /// Sends `request` and reads its response, or no more than `budget` bytes of it.
    static func make(port: Int, _ request: String, budget: Int = .max) async throws -> ResponseReader {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.next().makePromise(of: ResponseReader.self)
        do {
            _ = try await ClientBootstrap(group: group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let reader = VisitHandler(request: request, budget: budget, promise: promise)
                        try channel.pipeline.syncOperations.addHandler(reader)
                    }
                }
                .connect(host: "127.0.0.1", port: port)
                .get()
        } catch {
            promise.fail(error)
        }
        return try await promise.futureResult.get()
    }

    /// Sends `requests` and reads all that comes until the server closes.
    static func bytes(port: Int, _ requests: String) async throws -> [UInt8] {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.next().makePromise(of: [UInt8].self)
        do {
            _ = try await ClientBootstrap(group: group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let reader = CollectHandler(request: requests, promise: promise)
                        try channel.pipeline.syncOperations.addHandler(reader)
                    }
                }
                .connect(host: "127.0.0.1", port: port)
                .get()
        } catch {
            promise.fail(error)
        }
        return try await promise.futureResult.get()
    }

    /// The text of a request.
    static func request(
        _ method: String,
        _ target: String,
        fields: [String] = [],
        body: [UInt8]? = nil
    ) -> String {
        var lines = ["\(method) \(target) HTTP/1.1", "host: localhost"] + fields
        if let body { lines += ["content-type: application/json", "content-length: \(body.count)"] }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
            + String(decoding: body ?? [], as: UTF8.self)
    }
}

private final class VisitHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: String
    private var budget: Int
    private let promise: EventLoopPromise<ResponseReader>
    private var reader = ResponseReader()
    private var isOver = false
    private var patience: Scheduled<Void>?

    init(request: String, budget: Int, promise: EventLoopPromise<ResponseReader>) {
        self.request = request
        self.budget = budget
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
        let channel = context.channel
        patience = channel.eventLoop.scheduleTask(in: .seconds(20)) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        let bytes = Array(unwrapInboundIn(data).readableBytesView.prefix(budget))
        budget -= bytes.count
        reader.feed(bytes[...])
        guard budget == 0 || reader.isWhole || reader.complaint != nil else { return }
        isOver = true
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        patience?.cancel()
        promise.succeed(reader)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

private final class CollectHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: String
    private let promise: EventLoopPromise<[UInt8]>
    private var bytes: [UInt8] = []

    init(request: String, promise: EventLoopPromise<[UInt8]>) {
        self.request = request
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.append(contentsOf: unwrapInboundIn(data).readableBytesView)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.succeed(bytes)
    }
}

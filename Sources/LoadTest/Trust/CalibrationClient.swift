// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import Typewriter

/// A connection to the calibration's server over TLS: finds requests in its bytes.
final class CalibrationClient: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private static let longestHead = 8192

    /// Of the request that is answered.
    private(set) var number: Int32 = 0
    private(set) var gap: Nanoseconds = 0
    private var contentsLeft = 0
    private var isAnswering = false
    private var headEnd = HeadEnd()
    private var head: [UInt8] = []
    private let channel: any Channel
    private let player: CalibrationPlayer

    init(_ channel: any Channel, _ player: CalibrationPlayer) {
        self.channel = channel
        self.player = player
    }

    /// Its request is answered from now on.
    func begin(number: Int32, _ schedule: CalibrationSchedule) {
        self.number = number
        (gap, contentsLeft, isAnswering) = (schedule.gap, schedule.count, true)
    }

    /// An event with content has been sent. Gives whether another follows; if not, another request may come.
    func hasMore() -> Bool {
        contentsLeft -= 1
        guard contentsLeft <= 0 else { return true }
        isAnswering = false
        return false
    }

    /// False where the client does not read what it gets: such a one is no client to calibrate.
    func send(_ bytes: ByteBuffer) -> Bool {
        channel.writeAndFlush(bytes, promise: nil)
        return channel.isWritable
    }

    func close() {
        channel.close(promise: nil)
    }

    /// What follows a head while its answer goes on is its body, and says nothing.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isAnswering else { return }
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        let end = bytes.firstIndex { headEnd.take($0) }
        head += bytes[..<(end ?? bytes.count)]
        if end != nil {
            let schedule = CalibrationSchedule(head: head)
            head = []
            headEnd = HeadEnd()
            player.begin(self, schedule)
        } else if head.count > Self.longestHead {
            close()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        player.drop(self)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        player.drop(self)
    }
}

@available(*, unavailable)
extension CalibrationClient: Sendable {}

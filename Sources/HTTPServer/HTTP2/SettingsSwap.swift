// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Shows a client other settings than the library has (RFC 9113, section 6.5), whose own are generous.
///
/// The library ends the connection of who goes beyond its settings, where one stream is to be refused or answered
/// (sections 5.1.2 and 10.5.1), and it has narrower ones until the client acknowledges. So for the library they are
/// acknowledged once the client has sent its own; that of the client, for what it was shown, is taken out.
struct SettingsSwap {
    private enum Phase {
        case preface
        /// The client's first frame is under way.
        case firstFrame
        case acknowledging
        case done
    }

    private var phase = Phase.preface
    /// How much of the preface, or of a frame, is still to be handed on as it is.
    private var passing = PrefaceMatch.length
    /// The beginning of a frame's header.
    private var held = ByteBuffer()

    /// What the client sends is handed on as it is from now on.
    var isDone: Bool { phase == .done }

    /// What the client is to see of the limits.
    static func announcement(_ limits: HTTPLimits) -> ByteBuffer {
        var frame = ByteBuffer()
        let settings = [(maxConcurrentStreams, limits.http2.streams), (maxHeaderListSize, limits.head)]
        frame.writeInteger(UInt32(settings.count * settingLength) << 8 | UInt32(FrameScanner.settings))
        // No flags, and the connection itself.
        frame.writeRepeatingByte(0, count: headerLength - frame.readableBytes)
        for (name, value) in settings { frame.writeMultipleIntegers(name, UInt32(clamping: value)) }
        return frame
    }

    /// - Parameter bytes: What the client sent, in pieces of any size.
    /// - Returns: What the library is to see of it.
    mutating func take(_ bytes: ByteBuffer) -> ByteBuffer {
        held.writeImmutableBuffer(bytes)
        var seen = ByteBuffer()
        while !isDone, pass(to: &seen) {
            if phase == .firstFrame {
                seen.writeBytes(Self.acknowledgement)
                phase = .acknowledging
            }
            guard held.readableBytes >= Self.headerLength else { break }
            if phase == .acknowledging, isAcknowledgement {
                held.moveReaderIndex(forwardBy: Self.headerLength)
                phase = .done
            } else {
                passing = Self.headerLength + length
                if phase == .preface { phase = .firstFrame }
            }
        }
        if isDone { seen.writeBuffer(&held) }
        held.discardReadBytes()
        return seen
    }

    /// - Returns: False where more is to be handed on than has come.
    private mutating func pass(to seen: inout ByteBuffer) -> Bool {
        guard var part = held.readSlice(length: min(passing, held.readableBytes)) else { return false }
        passing -= part.readableBytes
        seen.writeBuffer(&part)
        return passing == 0
    }

    private var length: Int { Int(integer(at: 0, as: UInt32.self) >> 8) }

    private var isAcknowledgement: Bool {
        length == 0 && integer(at: 3, as: UInt8.self) == FrameScanner.settings
            && integer(at: 4, as: UInt8.self) & Self.ack != 0
            // The first bit of the stream's number has no meaning (section 4.1).
            && integer(at: 5, as: UInt32.self) << 1 == 0
    }

    private func integer<T: FixedWidthInteger>(at offset: Int, as type: T.Type) -> T {
        held.getInteger(at: held.readerIndex + offset, as: type) ?? 0
    }

    private static let maxConcurrentStreams: UInt16 = 3
    private static let maxHeaderListSize: UInt16 = 6
    private static let settingLength = 6
    private static let headerLength = 9
    private static let ack: UInt8 = 1
    private static let acknowledgement: [UInt8] = [0, 0, 0, FrameScanner.settings, ack, 0, 0, 0, 0]
}

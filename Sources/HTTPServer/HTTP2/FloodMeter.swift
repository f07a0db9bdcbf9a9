// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// Weighs the frames that cost work and that the library does not count against what they may be good for.
///
/// Each frame takes from a credit, which comes back with time and with each frame of data that is sent: a client may
/// well answer each of those with an update of two windows.
struct FloodMeter {
    private var credit: Int
    private var refilled: NIODeadline

    private static let most = 4_000
    /// What a window of some megabytes of small frames may be answered with at once.
    private static let mostEarned = 200_000
    private static let perSecond = 200
    private static let perSentFrame = 3

    init(now: NIODeadline) {
        credit = Self.most
        refilled = now
    }

    mutating func sent() {
        credit = min(credit + Self.perSentFrame, Self.mostEarned)
    }

    /// - Returns: False where the credit is used up.
    mutating func received(type: UInt8, length: Int, now: NIODeadline) -> Bool {
        switch type {
        // Streams at once and resets are counted already, and so are blocks in too many pieces.
        case FrameScanner.headers, FrameScanner.continuation: return true
        // Bodies are bounded, and frames of some size are what they are for.
        case FrameScanner.data where length >= Self.usefulData: return true
        default: break
        }
        return spend(now: now)
    }

    /// A stream beyond those at once: its head was unpacked for nothing, and the client is told.
    /// - Returns: False where the credit is used up.
    mutating func refused(now: NIODeadline) -> Bool {
        spend(now: now)
    }

    private mutating func spend(now: NIODeadline) -> Bool {
        credit -= 1
        guard credit < 0 else { return true }
        let seconds = (now - refilled).nanoseconds / 1_000_000_000
        refilled = now
        credit = min(Self.most, Int(clamping: seconds) * Self.perSecond)
        return credit > 0
    }

    private static let usefulData = 64
}

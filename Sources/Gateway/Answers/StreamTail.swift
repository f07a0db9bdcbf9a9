// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// The last bytes of a stream that is passed on: they tell whether the upstream has ended it as its format wants it.
struct StreamTail {
    private static let done = Array("data: [DONE]\n\n".utf8)
    private static let messageStop = Array("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n".utf8)
    /// The name in it, however the rest is written.
    private static let stopName = Array("message_stop\"".utf8)
    private static let keptBytes = 128

    private var bytes: [UInt8] = []

    /// Takes the next bytes, whole frames.
    @inline(__always)
    mutating func take(_ next: [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: next.suffix(Self.keptBytes))
    }

    /// Our own last frame, as it may follow what has passed: where that was cut inside of a CRLF, behind the LF. A CR
    /// alone ends a line too, but not for every client.
    func joining(_ frame: [UInt8]) -> [UInt8] {
        frame.isEmpty || bytes.last != 0x0D ? frame : [0x0A] + frame
    }

    /// What is missing of a stream that is whole: an upstream may die, or think that it is done, when all has been said and
    /// its last frame has not; and clients wait for that.
    func missingEnd(of format: WireFormat) -> [UInt8] {
        var end = bytes[...]
        while let last = end.last, last == 0x0A || last == 0x0D { end.removeLast() }
        switch format {
        case .openAIChat: return end.suffix(Self.done.count - 2).elementsEqual(Self.done.dropLast(2)) ? [] : Self.done
        case .anthropicMessages:
            let isThere = end.indices.contains { end[$0...].starts(with: Self.stopName) }
            return isThere ? [] : Self.messageStop
        default: return []
        }
    }
}

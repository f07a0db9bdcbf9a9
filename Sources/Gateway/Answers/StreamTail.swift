// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// The last bytes of a stream that is passed on: they tell whether the upstream has ended it as its format wants it.
struct StreamTail {
    private static let terminator = Array("data: [DONE]".utf8)

    private var bytes: [UInt8] = []

    /// Takes the next bytes, whole frames.
    @inline(__always)
    mutating func take(_ next: [UInt8]) {
        // A terminator mostly comes alone, and never in parts.
        guard next.count >= Self.terminator.count else { return }
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: next.suffix(Self.terminator.count + 4))
    }

    /// What is missing of a stream that is whole. Upstreams exist that leave `[DONE]` out, and clients that wait for it.
    func missingEnd(of format: WireFormat) -> [UInt8] {
        guard format == .openAIChat else { return [] }
        var end = bytes[...]
        while let last = end.last, last == 0x0A || last == 0x0D { end.removeLast() }
        return end.suffix(Self.terminator.count).elementsEqual(Self.terminator)
            ? [] : Self.terminator + Array("\n\n".utf8)
    }
}

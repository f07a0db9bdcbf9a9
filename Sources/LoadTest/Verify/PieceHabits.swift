// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// How the bytes of a body travelled: cut inside events, or one after another.
struct PieceHabits: Equatable, Sendable {
    /// An event whose bytes are this far apart came in a drip.
    private static let slow = 10 * Nanoseconds.millisecond
    /// Longer events are cut by every reader's own buffer.
    private static let longest = 16 << 10

    private var reads = 0
    private var inside = 0
    private var insideCharacters = 0
    /// When the first byte of the event came that has not ended.
    private var began: Nanoseconds?
    private var slowest: Nanoseconds = 0

    /// A read has ended.
    /// - Parameters:
    ///   - rest: What it left of an event that has not ended.
    ///   - hasEnded: An event ended in it.
    mutating func read(rest: [UInt8], hasEnded: Bool, at time: Nanoseconds) {
        reads += 1
        if hasEnded || rest.isEmpty {
            if let began { slowest = max(slowest, time - began) }
            began = nil
        }
        guard !rest.isEmpty else { return }
        began = began ?? time
        guard rest.count <= Self.longest else {
            // What is this long is no measure.
            began = .max
            return
        }
        inside += 1
        if Self.endsInsideCharacter(rest) { insideCharacters += 1 }
    }

    func judge(_ log: inout FindingLog) {
        if slowest > Self.slow {
            let seen = "an event took \(slowest / .millisecond) ms from its first byte to its last"
            log.add(.drip, seen: seen)
        }
        guard inside > 0 else { return }
        let detail = insideCharacters > 0 ? ", \(insideCharacters) of them inside a character" : ""
        log.add(.split, seen: "\(inside) of \(reads) reads ended inside an event\(detail)")
    }

    private static func endsInsideCharacter(_ bytes: [UInt8]) -> Bool {
        let tail = bytes.suffix(3)
        guard let lead = tail.lastIndex(where: { $0 >= 0xC0 }) else { return false }
        let length = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : 2
        return bytes.endIndex - lead < length && bytes[(lead + 1)...].allSatisfy { $0 & 0xC0 == 0x80 }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Judges the text that the events of one channel join to.
struct TextCheck {
    let channel: AnswerTranscript.Channel

    /// Whether the text is UTF-8, and no event's part of it ends inside a grapheme cluster.
    func judgeWholeness(_ log: inout FindingLog) {
        guard let bad = FrameGrammar.firstInvalid(channel.bytes[...]) else { return judgeClusters(&log) }
        let frame = channel.ends.first { $0.offset > bad }?.frame
        let around = Excerpts.around(channel.bytes, bad)
        // The events were UTF-8, so it is an escape: half of a surrogate pair.
        if !log.contains(.invalidUTF8) {
            log.add(.grapheme, frame, seen: "half a character: \(around)", expected: "whole characters")
        }
    }

    private func judgeClusters(_ log: inout FindingLog) {
        let segmenter = Segmenter(unit: .character)
        let text = channel.bytes.span
        var border = 0
        for end in channel.ends {
            while border < end.offset {
                border = segmenter.unitEnd(in: text, from: border, isComplete: true) ?? channel.bytes.count
            }
            guard border > end.offset else { continue }
            log.add(
                .grapheme,
                end.frame,
                seen: "the \(channel.name) is cut inside a grapheme: \(Excerpts.around(channel.bytes, end.offset))",
                expected: "a cut \(border - end.offset) bytes later"
            )
        }
    }

    /// Compares byte for byte, and names what happened where one event explains it.
    func compare(with expected: [UInt8], _ log: inout FindingLog) {
        let text = channel.bytes
        guard text != expected else { return }
        let place = zip(text, expected).prefix { $0 == $1 }.count
        let index = channel.ends.firstIndex { $0.offset > place } ?? max(0, channel.ends.count - 1)
        let frame = channel.ends.isEmpty ? nil : channel.ends[index].frame
        if let (kind, seen) = explanation(expected, at: place, piece: index) {
            return log.add(kind, frame, seen: seen, expected: "the text of the file")
        }
        let line = expected.prefix(place).count { $0 == 0x0A } + 1
        let isLineEnd = expected == text + [0x0A]
        log.add(
            .text,
            frame,
            seen: "the text differs at byte \(place), line \(line): \(Excerpts.around(text, place))",
            expected: isLineEnd ? "a line end, with which the file ends" : Excerpts.around(expected, place)
        )
    }

    private func explanation(_ expected: [UInt8], at place: Int, piece: Int) -> (FindingKind, String)? {
        let text = channel.bytes
        let extra = text.count - expected.count
        // Of equal pieces in a row, the one that is too many shows after the last of them.
        for index in stride(from: min(piece, channel.ends.count - 1), through: max(0, piece - 64), by: -1) {
            let range = bytes(of: index)
            if extra > 0, range.count == extra, index > 0, text[range] == text[bytes(of: index - 1)],
                expected[...].dropFirst(range.lowerBound).elementsEqual(text[range.upperBound...])
            {
                return (.duplicate, "\(Excerpts.quoted(text[range])) comes twice")
            }
            if extra == 0, index + 1 < channel.ends.count {
                let next = bytes(of: index + 1)
                let swapped = text[..<range.lowerBound] + text[next] + text[range] + text[next.upperBound...]
                if swapped.elementsEqual(expected) {
                    return (.reorder, "\(Excerpts.quoted(text[range])) comes before \(Excerpts.quoted(text[next]))")
                }
            }
        }
        guard extra < 0, expected.dropFirst(place - extra).elementsEqual(text[place...]) else { return nil }
        if place == text.count, expected == text + [0x0A] { return nil }
        return (.lose, "\(Excerpts.quoted(expected[place..<place - extra])) does not come")
    }

    private func bytes(of piece: Int) -> Range<Int> {
        (piece == 0 ? 0 : channel.ends[piece - 1].offset)..<channel.ends[piece].offset
    }
}

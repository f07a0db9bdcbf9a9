// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import WireFormats

/// Rewrites frames, one at a time: what is done to all of them, and what is done to this one.
///
/// The order, so that each can be combined with each: the unknown member of the JSON; broken JSON, or a byte that is
/// no UTF-8; comments and unknown fields; line ends; padding; and then half of it. Cuts into writes come last
/// (``OutgoingFrame``). Outside an event stream there are no comments and no unknown fields, and the rest goes for
/// the frame's one JSON object.
struct FrameShaper {
    let isEventStream: Bool
    private var addsUnknownFields = false
    private var addsComments = false
    private var dropsFinish = false
    private var dropsTerminator = false
    private var doublesTerminator = false
    private var lineEnd: Fault.LineEnd?
    private var splits: [Fault.Split] = []

    init(isEventStream: Bool) {
        self.isEventStream = isEventStream
    }

    /// From now on the fault, one of the whole stream, is a habit.
    mutating func adopt(_ habit: Fault.Kind) {
        switch habit {
        case .unknownFields: addsUnknownFields = true
        case .comments: addsComments = true
        case .missingFinish: dropsFinish = true
        case .missingTerminator: dropsTerminator = true
        case .doubledTerminator: doublesTerminator = true
        case .lineEnds(let end): lineEnd = lineEnd ?? end
        case .split(let split): splits.append(split)
        default: break
        }
    }

    /// How often a frame comes.
    func copies(of kind: FrameBuffer.Kind) -> Int {
        switch kind {
        case .finish: dropsFinish ? 0 : 1
        case .terminator: dropsTerminator ? 0 : doublesTerminator ? 2 : 1
        default: 1
        }
    }

    func hasJSON(_ bytes: [UInt8]) -> Bool {
        !FrameJSON.objects(in: bytes, isEventStream: isEventStream).isEmpty
    }

    /// - Parameter alterations: What is done to this frame alone.
    func shape(_ frame: [UInt8], alterations: [Fault.Kind]) -> OutgoingFrame {
        var bytes = frame
        if addsUnknownFields { addUnknownMembers(to: &bytes) }
        if alterations.contains(.malformedJSON) { breakJSON(of: &bytes) }
        if alterations.contains(.invalidUTF8) { breakUTF8(of: &bytes) }
        if isEventStream, addsComments || addsUnknownFields { bytes = addLines(to: bytes) }
        if let newLineEnd { bytes = Self.rewriteLineEnds(of: bytes, newLineEnd) }
        var padding: OutgoingFrame.Padding?
        for case .giant(let count) in alterations { padding = pad(&bytes, count) }
        var outgoing = OutgoingFrame(bytes, padding: padding, splits: splits, isEventStream: isEventStream)
        if alterations.contains(.truncate) { outgoing.halve() }
        return outgoing
    }

    // MARK: JSON

    private func addUnknownMembers(to bytes: inout [UInt8]) {
        for object in FrameJSON.objects(in: bytes, isEventStream: isEventStream).reversed() {
            let inner = bytes[object].dropFirst().dropLast()
            let comma = inner.allSatisfy(FrameJSON.isBlank) ? "" : ","
            let member = comma + "\"x_unknown\":1"
            bytes.insert(contentsOf: member.utf8, at: object.upperBound - 1)
        }
    }

    private func breakJSON(of bytes: inout [UInt8]) {
        guard let object = FrameJSON.objects(in: bytes, isEventStream: isEventStream).last else { return }
        bytes.remove(at: object.upperBound - 1)
    }

    private func breakUTF8(of bytes: inout [UInt8]) {
        let object = FrameJSON.objects(in: bytes, isEventStream: isEventStream).last
        var place = object.flatMap { FrameJSON.textStart(in: bytes, object: $0) }
        if place == nil, isEventStream {
            place = FrameLine.lines(of: bytes).first { $0.isData(in: bytes) }?.payload(in: bytes).lowerBound
        }
        bytes.insert(0xFF, at: place ?? 0)
    }

    /// Blanks before the JSON are part of it, in any format; without JSON, only a comment can be skipped.
    private func pad(_ bytes: inout [UInt8], _ count: Int) -> OutgoingFrame.Padding {
        if let object = FrameJSON.objects(in: bytes, isEventStream: isEventStream).first {
            return OutgoingFrame.Padding(offset: object.lowerBound, byte: 0x20, count: count)
        }
        guard isEventStream else { return OutgoingFrame.Padding(offset: 0, byte: 0x20, count: count) }
        bytes.insert(contentsOf: ":\n\n".utf8, at: 0)
        if let newLineEnd { bytes = Self.rewriteLineEnds(of: bytes, newLineEnd) }
        return OutgoingFrame.Padding(offset: 1, byte: UInt8(ascii: "x"), count: count)
    }

    // MARK: Lines

    /// A cut between CR and LF needs both.
    private var newLineEnd: Fault.LineEnd? {
        lineEnd ?? (splits.contains(.crlf) ? .crlf : nil)
    }

    /// Puts lines before each event, which ends like its first line.
    private func addLines(to bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var event: [FrameLine] = []
        func endEvent() {
            guard let first = event.first, let last = event.last else { return }
            if event.contains(where: { $0.isData(in: bytes) }) {
                let end = first.content.upperBound < first.end ? bytes[first.content.upperBound..<first.end] : [0x0A]
                if addsComments { out += Array(": a comment".utf8) + end }
                if addsUnknownFields { out += Array("x-unknown: 1".utf8) + end }
            }
            out += bytes[first.content.lowerBound..<last.end]
            event = []
        }
        for line in FrameLine.lines(of: bytes) {
            event.append(line)
            if line.content.isEmpty { endEvent() }
        }
        endEvent()
        return out
    }

    private static func rewriteLineEnds(of bytes: [UInt8], _ end: Fault.LineEnd) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 16)
        for line in FrameLine.lines(of: bytes) {
            out += bytes[line.content]
            guard line.content.upperBound < line.end else { continue }
            out += end == .crlf ? [0x0D, 0x0A] : [0x0D]
        }
        return out
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import EventStream
internal import WireFormats

/// Cuts what an upstream sends into whole frames that a client may get as they are.
struct FrameRelay {
    /// A run of bytes in which no frame ends but at its last byte.
    struct Piece {
        let bytes: [UInt8]
        let endsFrame: Bool
    }

    private let format: WireFormat
    private var splitter: FrameSplitter
    private let frameEnd: [UInt8]
    /// Of the frame that is not whole yet.
    private var begun: [UInt8] = []
    private var isFirst = true
    /// Whole frames that nobody has taken.
    private var ready: [UInt8] = []

    init(_ format: WireFormat) {
        self.format = format
        splitter = FrameSplitter(format == .ollamaChat ? .lines : .events)
        frameEnd = Array((format == .ollamaChat ? "\n" : "\n\n").utf8)
    }

    /// Bytes that wait for the rest of their frame.
    var begunBytes: Int { begun.count }

    mutating func pieces(of bytes: [UInt8]) -> [Piece] {
        let ends = splitter.ends(in: bytes.span)
        // As a model's tokens mostly come.
        if ends.count == 1, ends[0] == bytes.count { return [Piece(bytes: bytes, endsFrame: true)] }
        var pieces: [Piece] = []
        var start = 0
        for end in ends {
            pieces.append(Piece(bytes: Array(bytes[start..<end]), endsFrame: true))
            start = end
        }
        if start < bytes.count { pieces.append(Piece(bytes: Array(bytes[start...]), endsFrame: false)) }
        return pieces
    }

    mutating func append(_ piece: Piece) {
        if piece.endsFrame, begun.isEmpty, ready.isEmpty, !isFirst {
            ready = piece.bytes
            return
        }
        begun += piece.bytes
        guard piece.endsFrame else { return }
        if isFirst { dropByteOrderMark() }
        ready += begun
        begun.removeAll(keepingCapacity: true)
    }

    /// Something of ours may have left before it, and only at the very beginning is it none of the text.
    private mutating func dropByteOrderMark() {
        isFirst = false
        if begun.starts(with: [0xEF, 0xBB, 0xBF]) { begun.removeFirst(3) }
    }

    /// The last frame tells what went wrong: it passes without the upstream's key, where the client can know it for an
    /// error. False where it cannot.
    /// - Parameter piece: Its end; nil where that never came.
    mutating func appendError(_ piece: Piece?, key: String?) -> Bool {
        let frame = begun + (piece?.bytes ?? [])
        begun = []
        guard StreamError.isOwn(frame, of: format) else { return false }
        ready += Secrets.removed(key, from: frame) + (piece?.endsFrame == true ? [] : frameEnd)
        return true
    }

    /// Nothing follows. The last frame may lack its end; one that lacks more was cut, and does not pass.
    mutating func end() {
        if StreamFrame.hasWholeData(begun) { ready += begun + frameEnd }
        begun = []
    }

    mutating func takeFrames() -> [UInt8] {
        guard !ready.isEmpty else { return [] }
        defer { ready = [] }
        return ready
    }
}

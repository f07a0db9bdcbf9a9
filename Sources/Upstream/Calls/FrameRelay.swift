// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import EventStream

/// Cuts what an upstream sends into whole frames that a client may get as they are.
struct FrameRelay {
    /// A run of bytes in which no frame ends but at its last byte.
    struct Piece {
        let bytes: [UInt8]
        let endsFrame: Bool
    }

    private var splitter: FrameSplitter
    private let frameEnd: [UInt8]
    /// Of the frame that is not whole yet.
    private var begun: [UInt8] = []
    /// Whole frames that nobody has taken.
    private var ready: [UInt8] = []

    init(_ format: WireFormat) {
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
        if piece.endsFrame, begun.isEmpty, ready.isEmpty {
            ready = piece.bytes
            return
        }
        begun += piece.bytes
        guard piece.endsFrame else { return }
        ready += begun
        begun.removeAll(keepingCapacity: true)
    }

    /// The last frame tells what went wrong: it passes without the upstream's key.
    mutating func appendLast(_ piece: Piece, key: String?) {
        ready += Secrets.removed(key, from: begun + piece.bytes)
        begun = []
    }

    /// The answer is whole, though its last frame may lack its end.
    mutating func end() {
        guard !begun.isEmpty else { return }
        ready += begun + frameEnd
        begun = []
    }

    mutating func takeFrames() -> [UInt8] {
        guard !ready.isEmpty else { return [] }
        defer { ready = [] }
        return ready
    }
}

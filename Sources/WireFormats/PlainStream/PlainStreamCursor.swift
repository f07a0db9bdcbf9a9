// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// What a `Last-Event-ID` says: how far a reader has read which stream.
public enum PlainStreamCursor: Equatable, Sendable {
    /// Whatever ends in `.end`: there is nothing more to read.
    case end
    /// Strictly after byte `offset`.
    case after(StreamID, offset: Int)

    /// Reads an id as ``PlainStreamFrames`` writes it; nil where it is none.
    public init?(_ text: String) {
        if text.hasSuffix(".end") {
            self = .end
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let id = StreamID(parts[0]),
            (1...10).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let offset = Int(parts[1])
        else { return nil }
        self = .after(id, offset: offset)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Reads the responses of one target, and tells its events apart. Confined to the engine's thread.
///
/// An event that ends the stream and bears text too is told twice: as its text, and as the end.
final class TargetReader {
    /// What comes next out of the bytes.
    enum Step {
        case event(EventKind)
        /// The last one, with content of this kind.
        case lastEvent(EventKind)
        /// Something that a reader does not see.
        case nothing
        case over(ResponseProgress)
    }

    /// Between two looks at an event by template and by parser, in events.
    static let proofGap = 1_000

    /// As told or guessed; nil until the first answer.
    var format: StreamFormat?
    /// The schedule that the server told in its own words (typebar's start frame), where it did.
    var promised: PromisedCadence?
    var counts = ReadingCounts()

    let promise: PromiseReader
    let templates = EventTemplates()
    /// How the target numbers its events.
    var rule = IDTrack.Rule()
    /// Events by template until the next one is proven.
    var untilProof = 1
    var hasReadPromise = false
    /// A stream of the target has shown that it ends with `[DONE]`.
    var endsWithDone = false

    init(target: Target) {
        format = target.format
        promise = PromiseReader(target)
    }

    /// The hot path. Takes the next bytes of a response, and tells the kind of each event that ends in them.
    @inline(__always)
    func read(
        _ bytes: UnsafeRawBufferPointer,
        _ state: inout ResponseState,
        _ see: (EventKind) -> Void
    ) -> ResponseProgress {
        let bytes = bytes.assumingMemoryBound(to: UInt8.self)
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return .more }
        var cursor = ByteCursor(next: start, end: start + bytes.count)
        var piece = EventSplitter.Piece(ByteCursor(next: cursor.next, end: cursor.next))
        while true {
            switch next(&cursor, &piece, &state) {
            case .event(let kind): see(kind)
            case .lastEvent(let kind):
                see(kind)
                see(.end)
            case .nothing: break
            case .over(let progress): return progress
            }
        }
    }

    /// The server has closed the connection.
    /// - Parameter isCut: TLS below it ended without close_notify.
    func closed(
        _ state: inout ResponseState,
        isCut: Bool = false,
        _ see: (EventKind) -> Void
    ) -> ResponseProgress {
        switch state.framing.phase {
        case .head: return .ended(.reset, status: 0, isReusable: false)
        case _ where state.status != 200: return end(.status, state, isReusable: false)
        case .untilClose:
            while true {
                switch lastStep(&state) {
                case .event(let kind): see(kind)
                case .lastEvent(let kind):
                    see(kind)
                    see(.end)
                case .nothing: break
                case .over(let progress): return isCut ? cutVerdict(progress, state) : progress
                }
            }
        default: return end(verdict(state, isWhole: false), state, isReusable: false)
        }
    }

    /// The next event in the bytes, or what else there is to say of them.
    private func next(
        _ cursor: inout ByteCursor,
        _ piece: inout EventSplitter.Piece,
        _ state: inout ResponseState
    ) -> Step {
        while true {
            if !piece.cursor.isAtEnd {
                switch state.splitter.next(&piece) {
                case .more: break
                case .event(let event): return read(event: event, &state)
                case .carried: return readCarried(&state)
                case .tooLarge: return over(.grammar, state)
                }
            }
            switch state.framing.phase {
            case .head:
                if cursor.isAtEnd { return .over(.more) }
                if let step = readHead(&cursor, &state) { return step }
            case .done:
                let isReusable = state.keepsAlive && cursor.isAtEnd
                return state.status == 200 ? lastStep(&state, isReusable: isReusable) : error(state, isReusable)
            default:
                if state.framing.phase == .untilClose, state.hasEnded || state.hasFailed {
                    return over(verdict(state, isWhole: true), state)
                }
                switch state.framing.next(&cursor) {
                case .more: return .over(.more)
                case .broken: return over(.notAStream, state)
                case .done: break
                case .piece(let bytes):
                    if state.status != 200 {
                        if let step = skip(bytes.count, &state) { return step }
                    } else if let start = bytes.baseAddress {
                        piece = EventSplitter.Piece(ByteCursor(next: start, end: start + bytes.count))
                    }
                }
            }
        }
    }

    private func readCarried(_ state: inout ResponseState) -> Step {
        var carry: [UInt8] = []
        swap(&carry, &state.splitter.carry)
        let step = carry.withUnsafeBufferPointer { read(event: $0, &state) }
        swap(&carry, &state.splitter.carry)
        state.splitter.emptyCarry()
        return step
    }
}

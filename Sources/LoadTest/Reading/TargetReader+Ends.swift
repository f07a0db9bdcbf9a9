// SPDX-License-Identifier: Apache-2.0

/// How responses begin and end.
extension TargetReader {
    /// A longer body of an error is not read to its end, in bytes.
    private static let mostErrorBytes = 64 << 10
    /// After so many interim responses no other is awaited.
    private static let mostInterims = 100

    /// Nil where the body follows.
    func readHead(_ cursor: inout ByteCursor, _ state: inout ResponseState) -> Step? {
        let head: ResponseHead
        switch HeadReader.next(&cursor, &state.splitter.carry) {
        case .more: return .over(.more)
        case .broken: return over(.notAStream, state)
        case .head(let found): head = found
        }
        // Interim responses; but none may change the protocol.
        if head.status < 200 {
            state.interims += 1
            return head.status == 101 || state.interims > Self.mostInterims ? over(.notAStream, state) : nil
        }
        state.status = Int16(head.status)
        state.keepsAlive = head.keepsAlive
        state.framing.begin(head.length)
        if head.status != 200 { return head.length == .untilClose ? error(state, false) : nil }
        guard !head.isCoded, accepts(head.media) else { return over(.notAStream, state) }
        state.splitter.isLines = head.media == .lines || head.media == .none && format == .ollama
        return nil
    }

    private func accepts(_ media: ResponseHead.Media) -> Bool {
        switch media {
        case .none: true
        case .eventStream: format != .ollama
        case .lines: format == nil || format == .ollama
        case .other: false
        }
    }

    /// Passes over the body of an error.
    func skip(_ count: Int, _ state: inout ResponseState) -> Step? {
        state.errorBytes &+= Int32(clamping: count)
        return state.errorBytes > Self.mostErrorBytes ? error(state, false) : nil
    }

    func error(_ state: ResponseState, _ isReusable: Bool) -> Step {
        .over(end(.status, state, isReusable: isReusable))
    }

    /// The body is over, as its framing says it should be.
    func lastStep(_ state: inout ResponseState, isReusable: Bool = false) -> Step {
        if !state.splitter.carry.isEmpty, !state.hasFailed {
            let rest = state.splitter.carry
            state.splitter.carry = []
            // A last line may lack its end, and so may what says that the stream is whole or failed; half an event is none.
            if isWhole(rest, state) { return rest.withUnsafeBufferPointer { read(event: $0, &state) } }
        }
        return .over(end(verdict(state, isWhole: true), state, isReusable: isReusable))
    }

    private func isWhole(_ rest: [UInt8], _ state: ResponseState) -> Bool {
        let look = EventLook.look(at: rest, as: format ?? .openAIChat, isLines: state.splitter.isLines)
        let isLast = look.ends && !state.hasEnded || look.kind == .failure
        return look.kind != nil && !look.isBlank && (state.splitter.isLines || isLast)
    }

    /// - Parameter isWhole: The body was as long as its framing says.
    func verdict(_ state: ResponseState, isWhole: Bool) -> StreamEnd {
        if state.hasFailed { return .errorEvent }
        if !state.hasEnded, !isWhole || mustEnd(state) { return .truncated }
        if state.ids.isRepeated { return .repeatedIDs }
        if state.ids.hasHole { return .lostIDs }
        return state.hasContent || state.hasAnswer ? .complete : .empty
    }

    /// How an answer ends that has told its own end, and whose body goes on without a byte: the answer counts, as where the
    /// server closes the connection then. Nil where something is still to come: of Gemini's choices each has an end.
    func verdict(ofTold state: ResponseState) -> StreamEnd? {
        guard state.status == 200, state.hasFailed || state.hasEnded && format != .gemini else { return nil }
        return verdict(state, isWhole: false)
    }

    /// TLS ended without close_notify: a body whose only end is the connection's is not known to be whole (RFC 9112,
    /// section 9.8), unless the stream itself has said so.
    func cutVerdict(_ progress: ResponseProgress, _ state: ResponseState) -> ResponseProgress {
        guard case .ended(.complete, _, _) = progress, !state.hasEnded else { return progress }
        return end(.noCloseNotify, state, isReusable: false)
    }

    /// The stream has to say that it is whole. An `EventSource`'s need not, unless others of its kind do.
    private func mustEnd(_ state: ResponseState) -> Bool {
        guard let format, format != .eventSource else { return endsWithDone || state.isTypebars }
        return true
    }

    func over(_ stream: StreamEnd, _ state: ResponseState) -> Step {
        .over(end(stream, state, isReusable: false))
    }

    func end(_ stream: StreamEnd, _ state: ResponseState, isReusable: Bool) -> ResponseProgress {
        .ended(stream, status: Int(state.status), isReusable: isReusable)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// What events are, and what they tell of the stream.
extension TargetReader {
    /// - Parameter event: Without its blank line.
    @inline(__always)
    func read(event: UnsafeBufferPointer<UInt8>, _ state: inout ResponseState) -> Step {
        if state.hasFailed { return .nothing }
        if format == .eventSource { return readPlain(event, &state) }
        var findings = EventTemplate.Findings()
        guard !state.hasEnded, let kind = templates.kind(of: event, &findings) else { return parse(event, &state) }
        counts.byTemplate += 1
        untilProof -= 1
        if untilProof == 0, !proves(kind, event, state) { return parse(event, &state) }
        if findings.sequence >= 0 { state.ids.number(findings.sequence, &rule) }
        if findings.tokens >= 0 { state.tokens = Int32(clamping: findings.tokens) }
        if kind.isContent { state.hasContent = true }
        return .event(kind)
    }

    /// Whether the parser agrees. If not, no template is trusted any more.
    private func proves(_ kind: EventKind, _ event: UnsafeBufferPointer<UInt8>, _ state: ResponseState) -> Bool {
        untilProof = Self.proofGap
        counts.proven += 1
        let look = EventLook.look(at: Array(event), as: format ?? .openAIChat, isLines: state.splitter.isLines)
        if look.kind == kind, look.ends == (kind == .end) { return true }
        counts.disagreements += 1
        templates.clear()
        return false
    }

    // MARK: The real parser

    @inline(never)
    private func parse(_ event: UnsafeBufferPointer<UInt8>, _ state: inout ResponseState) -> Step {
        let bytes = Array(event)
        if format == nil {
            format = FormatGuess.format(of: bytes, isLines: state.splitter.isLines)
            if format == .eventSource { return readPlain(event, &state) }
        }
        let isLines = state.splitter.isLines
        let look = EventLook.look(at: bytes, as: format ?? .openAIChat, isLines: isLines)
        guard let kind = look.kind else { return over(.grammar, state) }
        if look.isBlank { return isLines || state.hasEnded ? .nothing : .event(.other) }
        counts.byParser += 1
        if state.hasEnded { return readAfterEnd(look, kind, &state) }
        if let format, let draft = EventDraft(bytes, look, as: format, isLines: isLines) {
            templates.learn(draft)
            untilProof = 1
        }
        return take(look, kind, &state)
    }

    private func take(_ look: EventLook, _ kind: EventKind, _ state: inout ResponseState) -> Step {
        if look.sequence >= 0 { state.ids.number(look.sequence, &rule) }
        if look.tokens >= 0 { state.tokens = Int32(clamping: look.tokens) }
        if kind.isContent { state.hasContent = true }
        if look.bearsAnswer { state.hasAnswer = true }
        if kind == .failure { state.hasFailed = true }
        state.finished |= look.finished
        guard look.ends else { return .event(kind) }
        let isFirst = !state.hasEnded
        state.hasEnded = true
        if !isFirst { return .event(kind == .end ? .other : kind) }
        return kind.isContent ? .lastEvent(kind) : .event(.end)
    }

    /// After the end come at most another choice's events, or the one more `[DONE]` of a format that ends otherwise.
    private func readAfterEnd(_ look: EventLook, _ kind: EventKind, _ state: inout ResponseState) -> Step {
        if look.isDone, !state.hasAfterword {
            state.hasAfterword = true
            return .nothing
        }
        guard format == .gemini, look.finished & state.finished == 0 else { return over(.grammar, state) }
        return take(look, kind, &state)
    }

    // MARK: Plain events

    @inline(__always)
    private func readPlain(_ event: UnsafeBufferPointer<UInt8>, _ state: inout ResponseState) -> Step {
        guard JSONScan.isText(event) else { return over(.grammar, state) }
        let plain = PlainEvent(event)
        let kind = plain.kind
        if state.hasEnded { return plain.length < 0 ? .nothing : over(.grammar, state) }
        counts.byTemplate += 1
        untilProof -= 1
        if untilProof == 0 { _ = proves(kind, event, state) }
        switch kind {
        case .text:
            state.hasContent = true
            followID(of: plain, &state)
            return .event(.text)
        case .end:
            state.hasEnded = true
            endsWithDone = true
        case .failure: state.hasFailed = true
        case .reasoning, .toolCall: state.hasContent = true
        case .usage, .other: readAside(plain, event, &state)
        }
        return .event(kind)
    }

    @inline(__always)
    private func followID(of plain: PlainEvent, _ state: inout ResponseState) {
        if let offset = plain.offset {
            state.ids.unit(endsAt: offset, lengths: plain.textLengths, endsLine: plain.endsLine)
        } else if let number = plain.number {
            state.ids.number(number, &rule)
        }
    }

    private func readAside(_ plain: PlainEvent, _ event: UnsafeBufferPointer<UInt8>, _ state: inout ResponseState) {
        switch plain.name {
        case .usage:
            let look = EventLook.look(at: Array(event), as: .eventSource, isLines: false)
            if look.tokens >= 0 { state.tokens = Int32(clamping: look.tokens) }
        case .start:
            guard let offset = plain.offset else { return }
            state.isTypebars = true
            state.ids.begin(offset)
            if hasReadPromise { return }
            hasReadPromise = true
            promised = promise.cadence(Array(plain.data))
        case .none where plain.length == 0: followID(of: plain, &state)
        default: break
        }
    }
}

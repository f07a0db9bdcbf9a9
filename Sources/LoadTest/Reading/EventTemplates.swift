// SPDX-License-Identifier: Apache-2.0

/// The templates of one target's events: learnt from what the real parser has read, and tried before it.
final class EventTemplates {
    private static let most = 32
    /// A server whose events never come alike is not learnt from for ever.
    private static let mostLessons = 2_000

    private let places = UnsafeMutablePointer<EventTemplate>.allocate(capacity: most)
    private var count = 0
    /// The one that fitted last: the next event is likely to be of its kind.
    private var latest = 0
    /// Where each template came from.
    private var drafts: [EventDraft] = []
    private var oldest = 0
    private var lessons = 0

    init() {}

    deinit {
        clear()
        places.deallocate()
    }

    /// The kind of an event, where a template fits.
    @inline(__always)
    func kind(of event: UnsafeBufferPointer<UInt8>, _ findings: inout EventTemplate.Findings) -> EventKind? {
        guard latest < count else { return nil }
        if places[latest].fits(event, &findings) { return places[latest].kind }
        return other(event, &findings)
    }

    private func other(_ event: UnsafeBufferPointer<UInt8>, _ findings: inout EventTemplate.Findings) -> EventKind? {
        for index in 0..<count where index != latest {
            findings = EventTemplate.Findings()
            if places[index].fits(event, &findings) {
                latest = index
                return places[index].kind
            }
        }
        return nil
    }

    /// Takes an event that no template fitted.
    func learn(_ draft: EventDraft) {
        guard lessons < Self.mostLessons else { return }
        lessons += 1
        for index in drafts.indices where drafts[index].absorb(draft) {
            return replace(index)
        }
        if count < Self.most {
            drafts.append(draft)
            places[count] = Self.make(draft)
            count += 1
        } else {
            drafts[oldest] = draft
            replace(oldest)
            oldest = (oldest + 1) % Self.most
        }
    }

    /// Forgets all: one of them was wrong.
    func clear() {
        for index in 0..<count { free(index) }
        count = 0
        latest = 0
        drafts = []
    }

    private func replace(_ index: Int) {
        free(index)
        places[index] = Self.make(drafts[index])
    }

    private func free(_ index: Int) {
        places[index].bytes.deallocate()
        places[index].segments.deallocate()
    }

    private static func make(_ draft: EventDraft) -> EventTemplate {
        let (bytes, segments) = draft.template
        let template = EventTemplate(
            kind: draft.kind,
            bytes: .allocate(capacity: bytes.count),
            segments: .allocate(capacity: segments.count),
            count: segments.count
        )
        for (index, byte) in bytes.enumerated() { template.bytes[index] = byte }
        for (index, segment) in segments.enumerated() { template.segments[index] = segment }
        return template
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import EventStream
internal import Typewriter

/// Cuts a body into events or lines, with the parsers of the server, and judges its grammar on the way.
struct FrameReader {
    /// A frame that grows longer than this is not waited for: memory is bounded.
    static let hardLimit = 80 << 20

    private let isEventStream: Bool
    /// More bytes than these in one event are a finding.
    private let largest: Int
    private var splitter: FrameSplitter
    private var parser = EventStreamParser(limit: FrameReader.hardLimit)
    /// What has come since the last frame's end.
    private(set) var rest: [UInt8] = []
    /// Offset of `rest` in the body.
    private var offset = 0
    private(set) var events = 0
    /// The last frame ended with a CR, whose LF may come with the next read.
    private var endsWithReturn = false
    /// A frame went over ``hardLimit``; nothing is read any more.
    private(set) var isGivenUp = false

    init(isEventStream: Bool, largest: Int) {
        self.isEventStream = isEventStream
        self.largest = largest
        splitter = FrameSplitter(isEventStream ? .events : .lines)
    }

    /// Takes the next bytes of the body, and gives the frames that end in them.
    mutating func feed(_ bytes: [UInt8], at time: Nanoseconds, _ log: inout FindingLog) -> [StreamFrame] {
        guard !isGivenUp else { return [] }
        var frames: [StreamFrame] = []
        var start = 0
        if endsWithReturn, rest.isEmpty, bytes.first == 0x0A {
            start = 1
            offset += 1
        }
        if !bytes.isEmpty { endsWithReturn = false }
        for end in splitter.ends(in: bytes.span) {
            let whole = rest + bytes[start..<end]
            rest = []
            start = end
            if let frame = read(whole, at: time, &log) { frames.append(frame) }
            offset += whole.count
            endsWithReturn = end == bytes.count && whole.last == 0x0D
        }
        rest += bytes[start...]
        if rest.count > Self.hardLimit {
            isGivenUp = true
            noteGiant(rest.count, &log)
        }
        return frames
    }

    private mutating func read(_ bytes: [UInt8], at time: Nanoseconds, _ log: inout FindingLog) -> StreamFrame? {
        if bytes.count > largest { noteGiant(bytes.count, &log) }
        return isEventStream ? readEvent(bytes, at: time, &log) : readLine(bytes, at: time, &log)
    }

    private mutating func readEvent(_ bytes: [UInt8], at time: Nanoseconds, _ log: inout FindingLog) -> StreamFrame? {
        var grammar = FrameGrammar(bytes[...], offset: offset, number: events + 1)
        let hasID = grammar.judge(&log)
        var dispatched: ServerSentEvent?
        do throws(EventStreamParser.TooLarge) {
            try parser.feed(bytes.span) { dispatched = $0 }
        } catch {
            isGivenUp = true
        }
        guard let event = dispatched else { return nil }
        events += 1
        let id = hasID ? event.lastEventID : nil
        return StreamFrame(number: events, offset: offset, name: event.type, data: event.data, id: id, at: time)
    }

    private mutating func readLine(_ bytes: [UInt8], at time: Nanoseconds, _ log: inout FindingLog) -> StreamFrame? {
        var line = bytes
        while let last = line.last, last == 0x0A || last == 0x0D { line.removeLast() }
        guard line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return nil }
        if bytes.count - line.count > 1 {
            log.add(.lineEnds, seen: "CRLF line ends", event: events + 1, offset: offset)
        }
        if let bad = FrameGrammar.firstInvalid(line[...]) {
            let seen = "bytes that are no UTF-8 near \(Excerpts.quoted(line[max(0, bad - 10)...], limit: 24))"
            log.add(.invalidUTF8, seen: seen, expected: "UTF-8", event: events + 1, offset: offset + bad)
        }
        events += 1
        return StreamFrame(number: events, offset: offset, data: line, at: time)
    }

    /// The last line of an NDJSON body that ended without a line end.
    mutating func takeRest(at time: Nanoseconds, _ log: inout FindingLog) -> StreamFrame? {
        let line = rest
        rest = []
        return readLine(line, at: time, &log)
    }

    private func noteGiant(_ count: Int, _ log: inout FindingLog) {
        log.add(
            .giant,
            seen: "an event of \(count) bytes",
            expected: "at most \(largest)",
            event: events + 1,
            offset: offset
        )
    }
}

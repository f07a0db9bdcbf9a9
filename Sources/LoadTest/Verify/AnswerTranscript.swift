// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// What the events of one answer came to, whatever the format; rules fill it, and the inspector judges it.
struct AnswerTranscript {
    /// The texts of an answer: each is joined of its own pieces.
    struct Channel {
        var name: String
        var bytes: [UInt8] = []
        /// Where each piece ends in `bytes`, and the event that brought it.
        var ends: [(offset: Int, frame: StreamFrame)] = []
    }

    /// The name of the channel that `--expect` speaks of.
    static let main = "text"

    private static let mostChannels = 64
    private static let mostCalls = 1000

    var log = FindingLog()
    private(set) var channels: [Channel] = []
    /// Of each tool call, by what the format tells them apart.
    private(set) var arguments: [(key: String, bytes: [UInt8], frame: StreamFrame)] = []
    private(set) var finish: String?
    /// How many choices have said why they end.
    private(set) var finishes = 0
    private(set) var terminators = 0
    private(set) var hasFailed = false
    private(set) var inputTokens: Int?
    private(set) var outputTokens: Int?

    /// A piece of text. What it shares an event with belongs to the same event.
    mutating func say(_ bytes: [UInt8], as channel: String = AnswerTranscript.main, _ frame: StreamFrame) {
        guard !bytes.isEmpty else { return }
        let isNew = !channels.contains { $0.name == channel }
        // Names may be the server's own.
        let channel = isNew && channels.count >= Self.mostChannels ? "others" : channel
        let index = channels.firstIndex { $0.name == channel } ?? channels.count
        if index == channels.count { channels.append(Channel(name: channel)) }
        channels[index].bytes += bytes
        channels[index].ends.append((channels[index].bytes.count, frame.place))
        if terminators > 0 { log.add(.order, frame, seen: "text after the end", expected: "nothing") }
    }

    func text(of channel: String = AnswerTranscript.main) -> [UInt8] {
        channels.first { $0.name == channel }?.bytes ?? []
    }

    mutating func argue(_ bytes: [UInt8], key: String, _ frame: StreamFrame) {
        if let index = arguments.firstIndex(where: { $0.key == key }) {
            arguments[index].bytes += bytes
        } else if arguments.count < Self.mostCalls {
            arguments.append((key, bytes, frame.place))
        }
    }

    mutating func finish(_ reason: String) {
        finish = reason
        finishes += 1
    }

    /// The event after which nothing comes.
    mutating func terminate(_ frame: StreamFrame) {
        terminators += 1
        guard terminators > 1 else { return }
        log.add(.doubledTerminator, frame, seen: "the end told again", expected: "one last event")
    }

    /// The server said that it failed.
    mutating func fail(_ message: String?, _ frame: StreamFrame?) {
        hasFailed = true
        log.add(.error, frame, seen: message.map { Excerpts.quoted($0.utf8, limit: 160) } ?? "an error event")
    }

    /// Token counts; nil where one is not told.
    mutating func count(input: Int?, output: Int?, total: Int? = nil, _ frame: StreamFrame) {
        inputTokens = input ?? inputTokens
        outputTokens = output ?? outputTokens
        if let input, input < 0 { wrongCount("\(input) input tokens", "none below 0", frame) }
        if let output, output < 0 { wrongCount("\(output) output tokens", "none below 0", frame) }
        guard let input, let output, let total else { return }
        let (sum, overflows) = input.addingReportingOverflow(output)
        guard overflows || total < sum else { return }
        wrongCount("\(total) tokens in all", "at least \(input) + \(output)", frame)
    }

    private mutating func wrongCount(_ seen: String, _ expected: String, _ frame: StreamFrame) {
        log.add(.usage, frame, seen: seen, expected: expected)
    }

    // MARK: What rules ask of an event

    /// The event's JSON, or nil and a finding.
    mutating func object(_ frame: StreamFrame) -> JSONValue? {
        do throws(JSONReader.Malformed) {
            let value = try JSONReader.read(frame.data)
            if value.members != nil { return value }
            log.add(.members, frame, seen: "JSON that is \(value.typeName)", expected: "an object")
        } catch {
            let seen = "\(Excerpts.quoted(frame.data)), wrong at byte \(error.offset)"
            log.add(.malformedJSON, frame, seen: seen, expected: "JSON: \(error.reason)")
        }
        return nil
    }

    /// A member that the format requires; a finding where it is not of that type.
    @discardableResult
    mutating func require(_ name: String, _ types: String..., in object: JSONValue, _ frame: StreamFrame) -> JSONValue?
    {
        let value = object[name]
        if let value, types.contains(value.typeName) { return value }
        log.add(
            .members,
            frame,
            seen: value.map { "\(name) is \($0.typeName)" } ?? "no \(name)",
            expected: "\(name): \(types.joined(separator: " or "))"
        )
        return nil
    }

    /// Members that the format does not know are allowed, but not every client ignores them.
    mutating func noteUnknown(in object: JSONValue, known: Set<String>, _ frame: StreamFrame) {
        for member in object.members ?? [] where !known.contains(member.name) {
            log.add(.unknownFields, frame, seen: "unknown member \(member.name)")
        }
    }

    mutating func misplaced(_ seen: String, _ expected: String, _ frame: StreamFrame) {
        log.add(.order, frame, seen: seen, expected: expected)
    }
}

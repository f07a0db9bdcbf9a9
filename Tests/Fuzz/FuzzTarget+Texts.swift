// SPDX-License-Identifier: Apache-2.0

import Conversation
import EventStream
import JSON
import MockModel
import WireFormats

extension FuzzTarget {
    /// What reads neither requests nor answers.
    static let texts = [
        FuzzTarget(name: "JSONReader", run: readJSON),
        FuzzTarget(name: "EventStreamParser", run: readEvents),
        FuzzTarget(name: "ParameterSet", run: readQuery),
        FuzzTarget(name: "FaultPlan", run: readFaults),
        FuzzTarget(name: "Cassette", run: readCassette),
        FuzzTarget(name: "ScenarioLibrary", run: readScenarios),
        FuzzTarget(name: "SchemaInstance", run: makeInstance),
    ]

    @Sendable
    private static func readJSON(_ bytes: [UInt8]) {
        guard let value = try? JSONReader.read(bytes) else { return }
        let text = value.jsonBytes
        Answered.check(jsonBody: text)
        Promise.check((try? JSONReader.read(text))?.jsonBytes == text, "what is written is read as something else")
    }

    @Sendable
    private static func readEvents(_ bytes: [UInt8]) {
        var dice = Chance.dice(for: bytes)
        let limit = Int.random(in: 1...256, using: &dice)
        let whole = events(of: [bytes], limit)
        let cut = events(of: Cuts.pieces(of: bytes, &dice), limit)
        Promise.check(whole == cut, "cuts change what is read, limit \(limit): \(whole) and \(cut)")
        Promise.check(whole.allSatisfy { $0.data.count <= limit }, "an event is larger than \(limit): \(whole)")
    }

    private static func events(of pieces: [[UInt8]], _ limit: Int) -> [ServerSentEvent] {
        var parser = EventStreamParser(limit: limit)
        var events: [ServerSentEvent] = []
        do {
            for piece in pieces { try parser.feed(piece.span) { events.append($0) } }
        } catch {
            events.append(ServerSentEvent(type: "too large", data: []))
        }
        return events
    }

    @Sendable
    private static func readQuery(_ bytes: [UInt8]) {
        let query = String(decoding: bytes, as: UTF8.self)
        do throws(RequestProblem) {
            let parameters = try ParameterSet(query: query)
            _ = try parameters.decimal("rate", in: 0.1...1000, or: [0])
            _ = try parameters.integer("seed", in: UInt64.min...UInt64.max)
            _ = try parameters.choice("format", of: PlainStreamRequest.Format.self)
            _ = try parameters.choices("events", of: PlainStreamRequest.NamedEvent.self)
            try parameters.check(known: ["rate", "seed", "format", "events"])
        } catch {
            Answered.check(error, in: PlainStreamProblem.self)
        }
    }

    @Sendable
    private static func readCassette(_ bytes: [UInt8]) {
        guard let cassette = try? Cassette(text: bytes, source: "fuzz") else { return }
        // Headers of the same name become one when they are written, so what is written first may differ.
        let text = cassette.write()
        let again = try? Cassette(text: text, source: "fuzz")
        Promise.check(again?.reads == cassette.reads, "reads get lost: \(String(decoding: text, as: UTF8.self))")
        Promise.check(again?.write() == text, "what is written is read as something else")
        guard let parser = AnswerParsers.parser(for: cassette.format, limit: Parsers.limit) else { return }
        _ = cassette.script(using: parser, keepsTiming: true)
    }

    @Sendable
    private static func makeInstance(_ bytes: [UInt8]) {
        guard let schema = try? JSONReader.read(bytes) else { return }
        let text = SchemaInstance.make(schema, seed: UInt64(bytes.count)).jsonBytes
        Answered.check(jsonBody: text)
        Promise.check(text.count <= 1 << 20, "the instance has \(text.count) bytes")
        let again = SchemaInstance.make(schema, seed: UInt64(bytes.count)).jsonBytes
        Promise.check(again == text, "the same seed gives something else")
    }
}

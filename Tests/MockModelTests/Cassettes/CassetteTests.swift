// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import MockModel
import TestSupport
import Testing
import Typewriter

struct CassetteTests {
    private static let head = #"{"typebar_cassette":1,"format":"openai_chat","status":200,"headers":{}}"#

    private static func problem(_ text: String) -> CassetteProblem? {
        do {
            _ = try Cassette(text: Array(text.utf8), source: "a.jsonl")
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: ExampleCassette.allCases)
    func `an example is read, and written as it was`(example: ExampleCassette) throws {
        let file = example.bytes
        let cassette = try Cassette(text: file, source: example.rawValue)
        #expect(cassette.reads.count > 2)
        #expect(String(decoding: cassette.write(), as: UTF8.self) == String(decoding: file, as: UTF8.self))
    }

    @Test func `all of a file is there`() throws {
        let cassette = try Cassette(text: ExampleCassette.text.bytes, source: "")
        #expect(cassette.format == .openAIChat)
        #expect(cassette.status == 200)
        #expect(cassette.fields.map(\.name) == ["content-type", "x-ratelimit-remaining-tokens", "x-request-id"])
        #expect(cassette.recorded == "2026-01-31T12:00:00Z")
        #expect(cassette.request?["body"]?["model"]?.text == "fern-1")
        #expect(cassette.reads.first?.time == 412_305_118)
        #expect(cassette.reads[1].bytes.last == 0x9F)
        #expect(cassette.ending == .complete)
        #expect(cassette.endTime == 501_801_200)
    }

    @Test func `any bytes come back as they were, at their times`() throws {
        var dice = Dice(seed: 11)
        for _ in 0..<300 {
            var time: Nanoseconds = 0
            var cassette = Cassette(format: .gemini, fields: [], reads: [], endTime: 0)
            for _ in 0..<Int.random(in: 0..<6, using: &dice) {
                time += Nanoseconds.random(in: 0...5, using: &dice)
                let isText = Bool.random(using: &dice)
                let bytes = (0..<Int.random(in: 1..<20, using: &dice)).map { _ in
                    UInt8.random(in: 0...(isText ? 0x7F : 0xFF), using: &dice)
                }
                cassette.reads.append(Cassette.Read(time: time, bytes: bytes))
            }
            cassette.endTime = time
            cassette.ending = Cassette.Ending.allCases.randomElement(using: &dice) ?? .complete
            #expect(try Cassette(text: cassette.write(), source: "") == cassette)
        }
    }

    @Test func `a writer mends what a file may not have`() throws {
        var writer = CassetteWriter(
            format: .gemini,
            status: 200,
            fields: [Cassette.Field(name: "Via", value: "a"), Cassette.Field(name: "via", value: "b")]
        )
        var text = writer.head() + writer.read([65], at: 9) + writer.read([], at: 10) + writer.read([66], at: 5)
        text += writer.end(.reset, at: -3)
        let cassette = try Cassette(text: text, source: "")
        #expect(cassette.fields == [Cassette.Field(name: "via", value: "a, b")])
        #expect(cassette.reads == [Cassette.Read(time: 9, bytes: [65]), Cassette.Read(time: 9, bytes: [66])])
        #expect(cassette.endTime == 9)
    }

    // MARK: Broken files

    @Test(arguments: [
        ("", 1, "empty"),
        ("{", 1, "not JSON"),
        ("[]", 1, "object"),
        ("{}", 1, "typebar_cassette"),
        (#"{"typebar_cassette":2,"more":1}"#, 1, "version 2"),
        (#"{"typebar_cassette":1,"format":"telex","status":200,"headers":{}}"#, 1, "openai_chat, "),
        (#"{"typebar_cassette":1,"format":"gemini","status":99,"headers":{}}"#, 1, "status"),
        (#"{"typebar_cassette":1,"format":"gemini","status":200}"#, 1, "headers"),
        (#"{"typebar_cassette":1,"format":"gemini","status":null,"headers":{}}"#, 1, "status"),
        (#"{"typebar_cassette":1,"format":"gemini","status":200,"headers":{},"t":-1}"#, 1, "nanoseconds"),
        (#"{"typebar_cassette":1,"format":"gemini"}"# + "\n" + #"{"t":1,"text":"a"}"#, 2, "no \"status\""),
        (#"{"typebar_cassette":1,"format":"gemini","status":200,"headers":{"a":1}}"#, 1, "no string"),
        (#"{"typebar_cassette":1,"format":"gemini","status":200,"headers":{},"speed":1}"#, 1, "no member \"speed\""),
        (#"{"typebar_cassette":1,"format":"gemini","status":200,"status":200,"headers":{}}"#, 1, "twice"),
        (#"{"typebar_cassette":1,"format":"gemini","status":200,"headers":{},"recorded":1}"#, 1, "recorded"),
        (#"{"typebar_cassette":1,"format":"gemini","status":200,"headers":{},"request":"x"}"#, 1, "object"),
        (head, 1, "cut"),
        (head + "\n", 2, "cut"),
        (head + "\n{\"t\":1,\"text\":\"a\"}", 2, "cut"),
        (head + "\n{\"t\":1,\"text\":\"a\"", 2, "not JSON"),
        (head + "\n\r\n{\"t\":1}", 3, "one of"),
        (head + "\n{\"text\":\"a\"}", 2, "\"t\""),
        (head + "\n{\"t\":-1,\"text\":\"a\"}", 2, "\"t\""),
        (head + "\n{\"t\":1.5,\"text\":\"a\"}", 2, "\"t\""),
        (head + "\n{\"t\":99999999999999999999,\"text\":\"a\"}", 2, "\"t\""),
        (head + "\n{\"t\":5,\"text\":\"a\"}\n{\"t\":4,\"text\":\"a\"}", 3, "falls"),
        (head + "\n{\"t\":5,\"text\":\"a\",\"base64\":\"\"}", 2, "one of"),
        (head + "\n{\"t\":5,\"data\":\"a\"}", 2, "no member \"data\""),
        (head + "\n{\"t\":5,\"text\":7}", 2, "string"),
        (head + "\n{\"t\":5,\"text\":\"\\ud800\"}", 2, "base64"),
        (head + "\n{\"t\":5,\"base64\":\"QQ\"}", 2, "Base64"),
        (head + "\n{\"t\":5,\"base64\":\"QR==\"}", 2, "Base64"),
        (head + "\n{\"t\":5,\"base64\":\"Q=Q=\"}", 2, "Base64"),
        (head + "\n{\"t\":5,\"end\":\"well\"}", 2, "complete, reset, timeout"),
        (head + "\n{\"t\":5,\"end\":\"reset\"}\n\n{\"t\":5,\"end\":\"reset\"}", 4, "after"),
    ])
    func `a broken file is refused with its line and what is wrong`(text: String, line: Int, words: String) {
        let problem = Self.problem(text)
        #expect(problem?.line == line)
        #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "")")
        #expect(problem?.description.hasPrefix("a.jsonl:\(line): ") == true)
    }

    @Test func `CRLF and empty lines are borne`() throws {
        let text = Self.head + "\r\n\r\n{\"t\":5,\"base64\":\"QUI=\"}\r\n{\"t\":5,\"end\":\"reset\"}\r\n\r\n"
        #expect(try Cassette(text: Array(text.utf8), source: "").reads == [Cassette.Read(time: 5, bytes: [65, 66])])
    }

    @Test(arguments: ExampleCassette.allCases)
    func `a file that was cut anywhere is refused`(example: ExampleCassette) {
        let file = example.bytes
        for length in stride(from: 0, to: file.count - 1, by: 3) {
            #expect(throws: CassetteProblem.self) { try Cassette(text: Array(file[..<length]), source: "") }
        }
        #expect(throws: Never.self) { try Cassette(text: Array(file.dropLast()), source: "") }
    }

    @Test func `no damage to a file is more than a problem`() {
        var dice = Dice(seed: 2)
        let file = ExampleCassette.text.bytes
        var refused = 0
        for _ in 0..<600 {
            var damaged = file
            for _ in 0..<Int.random(in: 1...4, using: &dice) {
                let place = Int.random(in: 0..<damaged.count, using: &dice)
                switch Int.random(in: 0..<3, using: &dice) {
                case 0: damaged[place] = UInt8.random(in: 0...255, using: &dice)
                case 1: damaged.remove(at: place)
                default: damaged.insert(file[Int.random(in: 0..<file.count, using: &dice)], at: place)
                }
            }
            do {
                let cassette = try Cassette(text: damaged, source: "x")
                #expect(throws: Never.self) { try Cassette(text: cassette.write(), source: "x") }
            } catch {
                refused += 1
                #expect(error.line >= 1 && error.line <= file.count { $0 == 0x0A } + 8)
            }
        }
        #expect(refused > 100)
    }
}

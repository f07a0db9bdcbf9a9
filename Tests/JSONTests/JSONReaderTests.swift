// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

struct JSONReaderTests {
    @Test(
        arguments: [
            ("null", .null), (" true ", .bool(true)), ("\t\r\nfalse", .bool(false)), ("0", .number("0")),
            ("-0", .number("-0")),
            ("18446744073709551615", .number("18446744073709551615")),
            ("-1.50e+07", .number("-1.50e+07")),
            ("1E-2", .number("1E-2")), ("[]", .array([])), ("[ ]", .array([])), ("{}", .object([])),
            ("{ }", .object([])),
            ("[1,[2]]", .array([.number("1"), .array([.number("2")])])),
            (#""a\/b""#, .string(Array("a/b".utf8))),
            (#""\"\\\b\f\n\r\t""#, .string([0x22, 0x5C, 8, 0x0C, 0x0A, 0x0D, 9])),
            (#""\u00e9\u4F60\ud83d\ude00\u0000""#, .string(Array("é你😀\0".utf8))),
            ("\"\u{7F}é😀\"", .string(Array("\u{7F}é😀".utf8))),
        ] as [(String, JSONValue)]
    )
    func `a text is read as what it says`(text: String, value: JSONValue) throws {
        #expect(try JSONReader.read(Array(text.utf8)) == value)
    }

    @Test(arguments: [
        ("", 0), (" ", 1), ("nul", 0), ("True", 0), ("nulll", 4), ("01", 2), ("-", 1), ("-a", 1),
        ("+1", 0), (".5", 0),
        ("1.", 2), ("1e", 2), ("1e+", 3), ("0x1", 1), ("NaN", 0), ("[1,]", 3), ("[1 2]", 3), ("[", 1),
        ("[1", 2),
        ("{", 1), ("{a:1}", 1), (#"{"a"}"#, 4), (#"{"a":}"#, 5), (#"{"a":1,}"#, 7), (#"{"a":1"#, 6),
        ("1 2", 2),
        ("\"", 1), ("\"a", 2), ("\"\n\"", 1), (#""\x""#, 3), (#""\"#, 2), (#""\u12"#, 3),
        (#""\u12g4""#, 3), ("'a'", 0),
        ("[1]]", 3), ("// a\n1", 0), ("\u{FEFF}1", 0), ("\u{A0}1", 0),
    ])
    func `what is not JSON is refused, and where`(text: String, offset: Int) {
        let problem = #expect(throws: JSONReader.Malformed.self) {
            try JSONReader.read(Array(text.utf8))
        }
        #expect(problem?.offset == offset)
    }

    @Test(
        arguments: [
            (#""\ud83d""#, [0xED, 0xA0, 0xBD]), (#""\ude00""#, [0xED, 0xB8, 0x80]),
            (#""\ud83dx""#, [0xED, 0xA0, 0xBD, 0x78]), (#""\ud83d\n""#, [0xED, 0xA0, 0xBD, 0x0A]),
            (#""\ude00\ud83d""#, [0xED, 0xB8, 0x80, 0xED, 0xA0, 0xBD]),
            (#""\ud83d\ud83d\ude00""#, [0xED, 0xA0, 0xBD, 0xF0, 0x9F, 0x98, 0x80]),
            (#""\ud83d\u0041""#, [0xED, 0xA0, 0xBD, 0x41]),
            (#""\udbff\udfff""#, [0xF4, 0x8F, 0xBF, 0xBF]),
            (#""\ud800\udc00""#, [0xF0, 0x90, 0x80, 0x80]),
        ] as [(String, [UInt8])]
    )
    func `half of a surrogate pair is kept for the other half`(text: String, bytes: [UInt8]) throws {
        #expect(try JSONReader.read(Array(text.utf8)).bytes == bytes)
    }

    @Test
    func `bytes of a scalar that is cut are kept`() throws {
        #expect(try JSONReader.read([0x22, 0xE4, 0xBD, 0x22]).bytes == [0xE4, 0xBD])
    }

    @Test
    func `members keep their order, and repeated names`() throws {
        let value = try JSONReader.read(Array(#"{"b":1,"a":2,"b":3}"#.utf8))
        #expect(
            value
                == .object([
                    .init(name: "b", value: .number("1")), .init(name: "a", value: .number("2")),
                    .init(name: "b", value: .number("3")),
                ])
        )
        #expect(value["b"]?.integer == 1)
    }

    @Test(arguments: ["[", #"{"a":"#])
    func `nesting is read to a bound`(open: String) {
        let close = open == "[" ? "]" : "}"
        func nested(_ depth: Int) -> [UInt8] {
            Array(
                (String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8
            )
        }
        #expect(throws: Never.self) { try JSONReader.read(nested(63)) }
        #expect(throws: JSONReader.Malformed.self) { try JSONReader.read(nested(64)) }
        #expect(throws: JSONReader.Malformed.self) {
            try JSONReader.read(Array(String(repeating: open, count: 1_000_000).utf8))
        }
    }

    @Test
    func `no bytes can break the reader, and what it refuses lies within them`() {
        var dice = Dice(seed: 1)
        let seeds = [
            #"{"choices":[{"index":0,"delta":{"content":"\ud83d\ude00a"},"finish_reason":null}]}"#,
            #"[1.5e-3,true,null,"\n"]"#,
        ]
        for round in 0..<50_000 {
            var bytes = Array(seeds[round % seeds.count].utf8)
            for _ in 0..<Int.random(in: 1...6, using: &dice) {
                let place = Int.random(in: bytes.indices, using: &dice)
                switch Int.random(in: 0..<3, using: &dice) {
                case 0: bytes[place] = .random(in: 0...255, using: &dice)
                case 1: bytes = Array(bytes[...place])
                default:
                    bytes.insert(Array(#"{}[]",:\u-0e"#.utf8).randomElement(using: &dice) ?? 0, at: place)
                }
            }
            do {
                _ = try JSONReader.read(bytes)
            } catch {
                if !(0...bytes.count).contains(error.offset) { Issue.record("\(bytes): \(error)") }
            }
        }
    }

    @Test
    func `what JSONText writes, JSONReader reads`() throws {
        var dice = Dice(seed: 2)
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<20 {
                let value = UInt32.random(
                    in: 0...(Bool.random(using: &dice) ? 0x7F : 0x10FFFF),
                    using: &dice
                )
                if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
            }
            let bytes = JSONText.object { out in
                out.name(text)
                out.string(text)
            }
            #expect(
                try JSONReader.read(bytes) == .object([.init(name: text, value: .string(Array(text.utf8)))])
            )
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing
import WireFormats

struct ParameterSetTests {
    @Test(arguments: [
        ("a=b", "b"), ("a=", ""), ("a", ""), ("a=b+c", "b c"), ("a=b%2Bc", "b+c"),
        ("a=b%20c%3D%26", "b c=&"), ("a=b=c", "b=c"),
        ("a=%E4%BD%A0", "你"), ("a=你", "你"), ("&&a=b&", "b"), ("%61=b", "b"), ("x=1&a=%00", "\0"),
        ("a=%f0%9f%98%80", "😀"),
    ])
    func `a query gives its values`(query: String, value: String) throws {
        #expect(try ParameterSet(query: query)["a"] == value)
    }

    @Test(arguments: [
        "a=%", "a=%4", "a=%zz", "a=%4g", "a=%FF", "a=%E4%BD", "a=%ED%A0%80", "a=%C0%80", "%=b", "a=%+1",
    ])
    func `bad encoding is refused`(query: String) {
        let problem = #expect(throws: RequestProblem.self) { try ParameterSet(query: query) }
        #expect(problem?.code == "malformed_encoding")
        #expect(problem?.status == 400)
    }

    @Test(arguments: ["a=1&a=2", "a=1&a=1", "a&a", "a=1&%61=2"])
    func `a repeated name is refused`(query: String) {
        let problem = #expect(throws: RequestProblem.self) { try ParameterSet(query: query) }
        #expect(problem?.code == "repeated_parameter")
        #expect(problem?.parameter == "a")
    }

    @Test
    func `members that are repeated are refused`() {
        let member = JSONValue.Member(name: "a", value: .number("1"))
        let problem = #expect(throws: RequestProblem.self) {
            try ParameterSet(members: [member, member], texts: [], lists: [])
        }
        #expect(problem?.code == "repeated_parameter")
    }

    @Test(arguments: [JSONValue.bool(true), .null, .object([])])
    func `a member that is neither text nor number is refused`(value: JSONValue) {
        let problem = #expect(throws: RequestProblem.self) {
            try ParameterSet(members: [.init(name: "a", value: value)], texts: [], lists: [])
        }
        #expect(problem?.parameter == "a")
    }

    @Test
    func `what is filled in does not replace`() throws {
        var set = try ParameterSet(query: "a=1&b=2")
        set.fill(from: try ParameterSet(query: "b=3&c=4"))
        #expect(["a", "b", "c"].map { set[$0] } == ["1", "2", "4"])
    }

    @Test
    func `a name that nobody knows is named`() throws {
        let set = try ParameterSet(query: "rate=1&zoom=2&speed=3")
        let problem = #expect(throws: RequestProblem.self) { try set.check(known: ["rate"]) }
        #expect(problem?.code == "unknown_parameter")
        #expect(problem?.parameter == "speed")
    }

    @Test(arguments: [
        ("40", 40), ("0.5", 0.5), ("0", 0), ("0.0", 0), ("100", 100), ("007", 7), ("0.1", 0.1),
    ])
    func `a plain decimal number is read`(text: String, value: Double) throws {
        #expect(try ParameterSet(query: "a=\(text)").decimal("a", in: 0.1...100, or: [0]) == value)
    }

    @Test(arguments: [
        "", "-1", "%2B1", "1e2", "+1", "1+", "1.", ".5", "1.5.2", "0x10", "nan", "inf", "Infinity",
        "1,5", "٣", "101", "0.05", "1_0",
        "100.00001",
    ])
    func `what is no plain decimal number in range is refused`(text: String) throws {
        let set = try ParameterSet(query: "a=\(text)")
        let problem = #expect(throws: RequestProblem.self) {
            try set.decimal("a", in: 0.1...100, or: [0])
        }
        #expect(problem?.code == "invalid_parameter")
        #expect(problem?.parameter == "a")
    }

    @Test
    func `a seed may have all its bits, and one more is refused`() throws {
        let seed = try ParameterSet(query: "a=18446744073709551615").integer("a", in: 0...UInt64.max)
        #expect(seed == .max)
        for text in ["18446744073709551616", "-0", "1.0", ""] {
            let set = try ParameterSet(query: "a=\(text)")
            #expect(throws: RequestProblem.self) { try set.integer("a", in: 0...UInt64.max) }
        }
    }

    @Test
    func `what is not given is nil`() throws {
        let set = ParameterSet()
        #expect(try set.decimal("a", in: 0...1) == nil)
        #expect(try set.integer("a", in: 0...1) == nil)
        #expect(try set.choice("a", of: PlainStreamRequest.Format.self) == nil)
        #expect(try set.choices("a", of: PlainStreamRequest.NamedEvent.self) == [])
    }

    @Test
    func `a long value comes back shortened`() {
        #expect(
            ParameterSet.invalid("a", String(repeating: "p", count: 10_000), "b").message.count < 100
        )
    }
}

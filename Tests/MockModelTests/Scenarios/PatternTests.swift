// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import MockModel

struct PatternTests {
    @Test(arguments: [
        ("(a+)+$", "a", "b"), ("(a|aa)+$", "a", "b"), ("(a|a?)+$", "a", "b"), ("(.*)*\\1x", "a", "b"),
        ("^(([a-z])+.)+[A-Z]([a-z])+$", "a", ""), ("[^y]*[xz]", "a", ""), ("\\w*\\w*\\w*[!?]", "a", ""),
        ("(?:a?){20}a{20}[!?]", "a", ""), ("\\s+$", " ", "x"), ("(?R)?[!?]|a(?R)", "a", ""),
    ])
    func `no expression searches for long, whatever the text`(expression: String, unit: String, end: String) throws {
        let pattern = try Pattern(expression, ignoresCase: false)
        for count in [30, 1000, 100_000] {
            let text = Array((String(repeating: unit, count: count) + end).utf8)
            let time = ThreadTime.spent {
                #expect(pattern.search(text, scratch: PatternScratch()) != .match)
            }
            #expect(time < .milliseconds(500))
        }
    }

    @Test func `all searches for one request have a limit together`() throws {
        let pattern = try Pattern("(a+)+$", ignoresCase: false)
        let scratch = PatternScratch()
        let text = Array((String(repeating: "a", count: 100) + "b").utf8)
        let time = ThreadTime.spent {
            for _ in 0..<10_000 { #expect(pattern.search(text, scratch: scratch) == .tooManySteps) }
        }
        #expect(time < .seconds(2))
    }

    @Test func `an ordinary expression searches a long text`() throws {
        let text = Array((String(repeating: "word word, ", count: 4000) + "tomorrow's weather").utf8)
        for expression in ["weather$", "(.|\\n)*weather", "(?:\\w+\\W+)*weather", "\\bweather\\b", "tomorrow.s\\s+w"] {
            #expect(try Pattern(expression, ignoresCase: false).search(text, scratch: PatternScratch()) == .match)
        }
    }

    @Test(arguments: ["(", "[", "a{2,1}", "\\", "(?<n>a)(?<n>b)", "\\C", "*", "(?P<", "\\p{Nothing}"])
    func `what is no expression is told`(expression: String) {
        #expect(throws: Pattern.Malformed.self) { try Pattern(expression, ignoresCase: false) }
    }

    @Test func `an expression has a maximal length and size`() {
        for expression in [String(repeating: "a", count: 20_000), "((((a{1000}){1000}){1000}){1000})"] {
            #expect(throws: Pattern.Malformed.self) { try Pattern(expression, ignoresCase: false) }
        }
    }

    @Test func `an empty text can be searched`() throws {
        #expect(try Pattern("^$", ignoresCase: false).search([], scratch: PatternScratch()) == .match)
        #expect(try Pattern("a", ignoresCase: false).search([], scratch: PatternScratch()) == .noMatch)
    }

    // MARK: Required literals

    @Test(arguments: [
        ("weather", "weather"), ("the (a|b) weather?", " weathe"), ("ab|cd", "ab/cd"), ("x\\.y\\d+longer", "longer"),
        ("a{3}bc", "bc"), ("(?i)abc", ""), ("(*ACCEPT)abc", ""), ("[a-z]+ing", "ing"), ("[]abc]d+e", "d"),
        ("ab*c", "a"), ("abc?|x+yz(d|e)|", "ab/yz/"), ("(a|b", ""), ("a|(?i)b", ""), ("ab\\|cd", "ab|cd"),
        ("\\x41bc", ""), ("(?:no)?yes", "yes"), ("tø?y", "t"), ("", ""), ("abc(", ""),
    ])
    func `a literal of each alternative is found only where it is sure`(expression: String, literals: String) {
        let found = RequiredLiteral.alternatives(in: expression).map { String(decoding: $0, as: UTF8.self) }
        #expect(found.joined(separator: "/") == literals)
    }

    @Test func `each match of a random expression contains one of its literals`() throws {
        var dice = Dice(seed: 11)
        let parts = [
            "a", "b", "ab", "c", "(", ")", "(?:", "[ab]", "[^a]", "|", "?", "*", "+", "{2}", ".", "\\.", "\\w", "(?=",
            "^", "$", "\\b",
        ]
        var compared = 0
        for _ in 0..<4000 {
            let expression = (0..<Int.random(in: 1...8, using: &dice)).map { _ in
                parts.randomElement(using: &dice) ?? ""
            }.joined()
            let literals = RequiredLiteral.alternatives(in: expression)
            guard let pattern = try? Pattern(expression, ignoresCase: false), !literals.isEmpty else { continue }
            for _ in 0..<10 {
                let text = Array(
                    (0..<8).map { _ in ["a", "b", "c", ".", " "].randomElement(using: &dice) ?? "" }.joined().utf8
                )
                guard pattern.search(text, scratch: PatternScratch()) == .match else { continue }
                compared += 1
                let isThere = literals.contains { literal in
                    (0...text.count).contains { text[$0...].starts(with: literal) }
                }
                #expect(isThere, "\(expression) in \(String(decoding: text, as: UTF8.self))")
            }
        }
        #expect(compared > 500)
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import MockModel

struct SearchCostTests {
    @Test(arguments: [
        ("abc", 3), ("a?b", 6), ("a(b|c|de)f", 30), ("a|b", 6), ("[a-z]\\d\\.x", 10), ("\\bab (in|for) [A-Z]\\w+", 44),
        ("a+|b*", 10), ("(ab)+", 5), ("(?:a?)?b", 24), ("a??b?+", 24), ("", 1),
    ])
    func `an expression that repeats nothing but its end has a bound`(expression: String, cost: Int) {
        #expect(SearchCost.perByte(of: expression) == cost)
    }

    @Test(arguments: [
        "a+b", "a*$", "(a+)", "(a+)+$", "(a|b?)+", "a{2}", "a{1,9}", "(?=a)b", "(?R)", "(a)\\1", "(?i)a", "(*F)", "a)",
        "(a", "[a", "?", "a+?", "(?:a?){20}a{20}", "a?a?a?a?a?a?a?a?a?a?a?", "\\X", "(?<n>a)", "\\Qa\\E",
    ])
    func `an expression that may take long or is not understood has none`(expression: String) {
        #expect(SearchCost.perByte(of: expression) == nil)
    }

    @Test func `an expression with the largest bound is searched for in time, on the worst of texts`() throws {
        let most = String(repeating: "a?", count: 9) + "a"
        let word = String(repeating: "(\\w|\\w|\\w|\\w|\\w|\\w|\\w|\\w|\\w|\\w)", count: 3)
        for expression in [most, "(\(most)|\(most))", word, String(repeating: "a", count: 4000)] {
            for count in [1000, 20_000, 1_000_000] {
                let pattern = try Pattern(expression + "[\\s!?]", ignoresCase: true)
                let text = [UInt8](repeating: UInt8(ascii: "a"), count: count)
                let time = ThreadTime.spent {
                    #expect(pattern.search(text, scratch: PatternScratch()) != .match)
                }
                #expect(time < .milliseconds(500))
            }
        }
    }

    @Test func `all searches for one request have a limit together, those with a bound too`() throws {
        let pattern = try Pattern("a?a?a?a?a?a?a?a?a?[!?]", ignoresCase: false)
        let scratch = PatternScratch()
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 1500)
        let time = ThreadTime.spent {
            for _ in 0..<10_000 { #expect(pattern.search(text, scratch: scratch) != .match) }
        }
        #expect(time < .seconds(4))
    }

    @Test func `with and without a bound the outcome is the same`() throws {
        var dice = Dice(seed: 41)
        let parts = [
            "a", "b", "(a|b)", "(?:ab|a)", "[ab]", "c?", "(a|c)?", "|", ".", "\\w", "^", "$", "\\b", "b??", "é",
        ]
        var compared = 0
        for _ in 0..<3000 {
            var expression = (0..<Int.random(in: 1...7, using: &dice)).map { _ in
                parts.randomElement(using: &dice) ?? ""
            }.joined()
            expression += ["", "a+", "\\w*"].randomElement(using: &dice) ?? ""
            guard SearchCost.perByte(of: expression) != nil else { continue }
            let ignoresCase = Bool.random(using: &dice)
            let bounded = try Pattern(expression, ignoresCase: ignoresCase)
            // A look ahead at nothing says nothing, and is not understood.
            let counted = try Pattern("(?=)(?:\(expression))", ignoresCase: ignoresCase)
            for _ in 0..<5 {
                let text = Array(
                    (0..<8).map { _ in "abcAé \n".randomElement(using: &dice).map(String.init) ?? "" }.joined().utf8
                )
                compared += 1
                let outcome = bounded.search(text, scratch: PatternScratch())
                #expect(outcome == counted.search(text, scratch: PatternScratch()), "\(expression) in \(text)")
            }
        }
        #expect(compared > 5000)
    }
}

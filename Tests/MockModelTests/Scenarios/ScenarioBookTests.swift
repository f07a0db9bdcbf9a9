// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing

@testable import MockModel

struct ScenarioBookTests {
    private static let input = ScenarioFixture.input()

    private static func names(_ book: ScenarioBook, _ count: Int, session: String = "s") -> [String?] {
        (0..<count).map { _ in book.match(input, session: session, seed: 1)?.name }
    }

    @Test func `a scenario with times gives way to the next when it has had its share`() throws {
        let book = try ScenarioFixture.book(
            "- {name: once, times: 1, reply: {status: 429}}\n- {name: then, reply: fine}"
        )
        #expect(Self.names(book, 3) == ["once", "then", "then"])
        #expect(Self.names(book, 2, session: "other") == ["once", "then"])
        book.resetCounters()
        #expect(Self.names(book, 2) == ["once", "then"])
    }

    @Test func `a call is the number of the request in its session`() throws {
        let book = try ScenarioFixture.book(
            """
            - {name: second, when: {call: 2}, reply: a}
            - {name: third on, when: {call: {from: 3, to: 4}}, reply: b}
            - {name: not these, when: {model: other, call: 1}, reply: c}
            - {name: else, reply: d}
            """
        )
        let expected = ["else", "second", "third on", "third on", "else"]
        #expect(Self.names(book, 5) == expected)
        #expect(Self.names(book, 5, session: "other") == expected)
    }

    @Test func `calls are counted even where another scenario answers`() throws {
        let book = try ScenarioFixture.book(
            """
            - {name: first, times: 1, reply: a}
            - {name: plain, when: {turn: 2}, reply: b}
            - {name: second, when: {call: 2}, reply: c}
            """
        )
        #expect(Self.names(book, 3) == ["first", "second", nil])
    }

    @Test func `a choice by weight depends on the seed alone and keeps to the weights`() throws {
        let book = try ScenarioFixture.book(
            """
            - {name: a, weight: 3, reply: a}
            - {name: never, reply: b}
            - {name: other, weight: 9, when: {model: other}, reply: c}
            - {name: d, weight: 1, reply: d}
            """
        )
        var counts: [String: Int] = [:]
        for seed in 0..<4000 {
            let name = book.match(Self.input, session: "\(seed)", seed: UInt64(seed))?.name ?? ""
            #expect(book.match(Self.input, session: "", seed: UInt64(seed))?.name == name)
            counts[name, default: 0] += 1
        }
        #expect(Set(counts.keys) == ["a", "d"])
        #expect(abs((counts["a"] ?? 0) - 3000) < 150)
    }

    @Test func `a weight has no say where the first match has none`() throws {
        let book = try ScenarioFixture.book("- {name: plain, reply: a}\n- {name: heavy, weight: 100, reply: b}")
        #expect((0..<50).allSatisfy { book.match(Self.input, session: "", seed: $0)?.name == "plain" })
    }

    @Test func `weighted scenarios that are used up leave the choice to the others`() throws {
        let book = try ScenarioFixture.book(
            "- {name: a, weight: 1, times: 1, reply: a}\n- {name: b, weight: 1, times: 1, reply: b}"
        )
        #expect(Set(Self.names(book, 2)) == ["a", "b"])
        #expect(Self.names(book, 1) == [nil])
    }

    @Test func `of more than a thousand sessions the one used longest ago is forgotten`() throws {
        let scenario = try #require(try ScenarioFixture.library("- {name: once, times: 1, reply: a}").scenarios.first)
        var counters = ScenarioCounters()
        func isFresh(_ session: String) -> Bool {
            counters.choose(among: [scenario], session: session, seed: 1) != nil
        }
        for session in 0..<1000 { #expect(isFresh("\(session)")) }
        #expect(!isFresh("0"))
        #expect(isFresh("one more"))
        #expect(counters.sessionCount == 1000)
        #expect(!isFresh("0"))
        #expect(isFresh("1"))
        #expect(counters.sessionCount == 1000)
    }

    @Test func `what counts nothing makes no session`() throws {
        let scenarios = try ScenarioFixture.library("- {name: plain, reply: a}").scenarios
        var counters = ScenarioCounters()
        _ = counters.choose(among: scenarios, session: "s", seed: 1)
        #expect(counters.sessionCount == 0)
        #expect(counters.uses == ["plain": 1])
    }

    @Test func `added scenarios stand in front, and stay when the files are read again`() throws {
        let book = try ScenarioFixture.book("- {name: file, reply: a}\n- {name: same, reply: old}")
        book.add(try ScenarioFixture.library("- {name: added, times: 1, reply: b}"))
        book.add(try ScenarioFixture.library("- {name: same, when: {model: x}, reply: new}"))
        #expect(book.list().map(\.name) == ["same", "added", "file"])
        #expect(Self.names(book, 2) == ["added", "file"])
        book.replace(try ScenarioFixture.library("- {name: reloaded, reply: c}"))
        #expect(book.list().map(\.name) == ["same", "added", "reloaded"])
        // Still used up, for it has kept its name.
        #expect(Self.names(book, 1) == ["reloaded"])
    }

    @Test func `a scenario can be removed by its name`() throws {
        let book = try ScenarioFixture.book("- {name: a, reply: a}\n- {name: b, reply: b}")
        let removed = book.remove(named: "a")
        #expect(removed)
        let again = book.remove(named: "a")
        #expect(!again)
        #expect(Self.names(book, 1) == ["b"])
    }

    @Test func `the list tells what each is for and how often it was used`() throws {
        let book = try ScenarioFixture.book(
            """
            - name: a
              when: {model: demo-1, last_user: {contains: weather, ignore_case: true}, call: {from: 1}}
              times: 2
              reply: a
            - {name: b, weight: 2, reply: b}
            """
        )
        _ = Self.names(book, 4)
        let when = #"model "demo-1", last_user contains "weather" in any case, call 1 or more"#
        #expect(
            book.list() == [
                ScenarioSummary(name: "a", place: "dir/file.yaml:1", uses: 2, times: 2, weight: nil, when: when),
                ScenarioSummary(name: "b", place: "dir/file.yaml:5", uses: 2, times: nil, weight: 2, when: "always"),
            ]
        )
    }
}

// SPDX-License-Identifier: Apache-2.0

import Conversation
import HTTPTypes
import Testing
import Typewriter

@testable import Gateway

struct RequestLogTests {
    private static func record(_ body: String, at start: Nanoseconds, session: String = "") -> RequestRecord {
        RequestRecord(
            received: 0,
            method: "POST",
            target: "/v1/chat/completions",
            headers: [],
            body: Array(body.utf8),
            session: session,
            start: start
        )
    }

    @Test
    func `a request that comes again after an error is a retry, and its wait is told`() throws {
        let log = RequestLog(limit: 10, bodyLimit: 1000)
        let first = log.began(Self.record("x", at: 0), chat: nil)
        log.ended(first, .refused, status: 429, retryAfter: 2, now: 1 * .millisecond)
        _ = log.began(Self.record("x", at: 501 * .millisecond), chat: nil)
        let aftermath = try #require(log.record(first)).aftermath
        #expect(aftermath.retriedAfter == 500)
        #expect(aftermath.honouredRetryAfter == false)
    }

    @Test
    func `who waits as long as he was asked to has honoured it`() throws {
        let log = RequestLog(limit: 10, bodyLimit: 1000)
        let first = log.began(Self.record("x", at: 0), chat: nil)
        log.ended(first, .refused, status: 503, retryAfter: 2, now: 0)
        _ = log.began(Self.record("x", at: 2 * .second), chat: nil)
        #expect(try #require(log.record(first)).aftermath.honouredRetryAfter == true)
    }

    @Test
    func `another request, another session and a whole answer are no retries`() throws {
        let log = RequestLog(limit: 10, bodyLimit: 1000)
        let failed = log.began(Self.record("x", at: 0), chat: nil)
        log.ended(failed, .broken, status: 200, now: 1)
        let whole = log.began(Self.record("w", at: 0), chat: nil)
        log.ended(whole, .whole, status: 200, now: 1)
        _ = log.began(Self.record("y", at: 2), chat: nil)
        _ = log.began(Self.record("x", at: 2, session: "other"), chat: nil)
        _ = log.began(Self.record("w", at: 2), chat: nil)
        #expect(try #require(log.record(failed)).aftermath == RequestRecord.Aftermath())
        #expect(try #require(log.record(whole)).aftermath == RequestRecord.Aftermath())
    }

    @Test
    func `a conversation that goes on from a cut answer has taken it for whole`() throws {
        let log = RequestLog(limit: 10, bodyLimit: 1000)
        let cut = log.began(Self.record("x", at: 0), chat: nil)
        log.ended(cut, .broken, status: 200, said: Array("Half an ans".utf8), now: 1)
        let chat = ChatRequest(
            model: "m",
            messages: [
                ChatMessage(role: .user, content: "x"), ChatMessage(role: .assistant, content: "Half an ans"),
                ChatMessage(role: .user, content: "and?"),
            ]
        )
        _ = log.began(Self.record("y", at: 2), chat: chat)
        #expect(try #require(log.record(cut)).aftermath.acceptedTruncated)
    }

    @Test
    func `the oldest go when there are too many, or their bodies weigh too much`() {
        let few = RequestLog(limit: 3, bodyLimit: 1000)
        for number in 0..<5 { _ = few.began(Self.record("\(number)", at: 0), chat: nil) }
        #expect(few.records().map(\.id) == [5, 4, 3])
        #expect(few.record(2) == nil && few.record(3) != nil && few.record(6) == nil && few.record(.max) == nil)
        let light = RequestLog(limit: 100, bodyLimit: 25)
        for _ in 0..<5 { _ = light.began(Self.record("0123456789", at: 0), chat: nil) }
        #expect(light.records().count == 2)
        let none = RequestLog(limit: 0, bodyLimit: 25)
        _ = none.began(Self.record("x", at: 0), chat: nil)
        #expect(none.records().isEmpty && none.counts().total == 1)
    }

    @Test
    func `a reset forgets all, but no name is given twice`() {
        let log = RequestLog(limit: 10, bodyLimit: 1000)
        _ = log.began(Self.record("x", at: 0), chat: nil)
        log.reset()
        #expect(log.records().isEmpty && log.counts().total == 0)
        #expect(log.began(Self.record("x", at: 0), chat: nil) == 2)
    }

    @Test
    func `secrets are masked, and what tells them apart stays`() throws {
        let key = try #require(HTTPField.Name("x-api-key"))
        let fields: HTTPFields = [
            .authorization: "Bearer sk-0123456789abcdefWXYZ", key: "short", .contentType: "application/json",
        ]
        let masked = HeaderMask.masked(fields).map { "\($0.name): \($0.value)" }
        #expect(masked == ["authorization: Bearer ***WXYZ", "x-api-key: ***", "content-type: application/json"])
        #expect(HeaderMask.masked(target: "/v1/models", query: "key=abc&pageSize=2") == "/v1/models?key=***&pageSize=2")
    }

    @Test(arguments: [("a", "a", true), ("a", "b", false), ("", "a", false), ("ab", "a", false), ("a", "", false)])
    func `secrets are the same or they are not`(one: String, other: String, isSame: Bool) {
        #expect(Secret.equal(one, other) == isSame)
    }
}

// SPDX-License-Identifier: Apache-2.0

import JSON
import MockModel
import TestSupport
import Testing
import Upstream

@testable import Gateway

struct SecretMaskTests {
    private static let key = "sk-verysecret-12345"
    private static let mask = SecretMask(
        TransferRequest(
            url: "https://user:p%40ssword@api.example.com/v1/models/m:go?alt=sse-stream&key=url-secret-9",
            fields: [
                .init(name: "Authorization", value: "Bearer \(key)"), .init(name: "X-Api-Key", value: "field-secret-8"),
                .init(name: "X-Short-Key", value: "abc"), .init(name: "Accept", value: "text/event-stream"),
            ],
            body: [],
            connectMilliseconds: 1
        )
    )

    @Test(arguments: [key, "field-secret-8", "url-secret-9", "p%40ssword"])
    func `a secret of the request is covered wherever it turns up, at its length`(secret: String) {
        let stars = String(repeating: "*", count: secret.utf8.count)
        #expect(Self.mask.masked("a \(secret), \(secret)\(secret)") == "a \(stars), \(stars)\(stars)")
        let value = JSONValue.array([.object([.init(name: "a", value: .string(Array("x\(secret)".utf8)))]), .null])
        #expect(!String(decoding: Self.mask.masked(value).jsonBytes, as: UTF8.self).contains(secret))
    }

    @Test func `what is no secret stays`() {
        let text = "text/event-stream, sse-stream, abc, Bearer, user, api.example.com, sk-verysecret-1234"
        #expect(Self.mask.masked(text) == text)
    }

    @Test func `a secret that came in several reads is covered, and the reads keep their times and lengths`() {
        var dice = Dice(seed: 5)
        let text = Array("data: {\"said\":\"\(Self.key) and \(Self.key)\"}\n\n".utf8)
        for _ in 0..<200 {
            var reads: [Cassette.Read] = []
            var rest = text[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...min(9, rest.count), using: &dice)
                reads.append(Cassette.Read(time: Int64(reads.count), bytes: Array(rest.prefix(count))))
                rest = rest.dropFirst(count)
            }
            let masked = Self.mask.masked(reads)
            #expect(masked.map(\.time) == reads.map(\.time) && masked.map(\.bytes.count) == reads.map(\.bytes.count))
            #expect(masked.flatMap(\.bytes) == Self.mask.masked(text))
            #expect(!String(decoding: masked.flatMap(\.bytes), as: UTF8.self).contains("verysecret"))
        }
    }
}

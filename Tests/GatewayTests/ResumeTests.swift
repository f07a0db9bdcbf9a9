// SPDX-License-Identifier: Apache-2.0

import EventStream
import JSON
import TestSupport
import Testing
import WireFormats

@Suite(.timeLimit(.minutes(5)))
struct ResumeTests {
    private static let streams = 400
    private static let cuts = 25
    private static let atOnce = 16

    @Test
    func
        `10,000 resumes: resume under random disconnects with random units, nothing lost, nothing doubled`()
        async throws
    {
        try await GatewayHarness.run { port in
            let resumes = try await withThrowingTaskGroup(of: Int.self) { group in
                var resumes = 0
                for seed in 0..<Self.streams {
                    if seed >= Self.atOnce { resumes += try await group.next() ?? 0 }
                    group.addTask { try await Self.readWithCuts(port: port, seed: UInt64(seed)) }
                }
                for try await count in group { resumes += count }
                return resumes
            }
            #expect(resumes == Self.streams * Self.cuts)
        }
    }

    /// Reads one stream with as many cuts as are due, and compares it with the same read in one go.
    private static func readWithCuts(port: Int, seed: UInt64) async throws -> Int {
        var dice = Dice(seed: seed)
        let order = order(seed: seed, &dice)
        let note: Comment =
            "seed \(seed): \(order.model), \(order.unit), \(order.format), rate \(order.rate)"
        let started = try await Visit.make(port: port, Visit.request("POST", "/chat", body: order.body))
        #expect(started.status == 201, note)
        let id = try #require(try JSONReader.read(started.body)["id"]?.text, note)
        var stream = CutStream(id: id, isJSON: order.format == "json")
        var resumes = 0
        while resumes < cuts || !stream.hasEnded {
            if resumes < cuts, stream.hasEnded || Int.random(in: 0..<20, using: &dice) == 0 {
                stream.goBack(&dice)
            }
            let resumed = stream.lastID != nil
            let budget = resumes < cuts ? dice.size(upTo: 4_000) : .max
            stream.take(
                try await Visit.make(port: port, next(of: stream, &dice), budget: budget),
                resumed: resumed
            )
            if resumed { resumes += 1 }
            guard stream.complaints.isEmpty else { break }
        }
        #expect(stream.hasEnded, note)
        #expect(stream.complaints.isEmpty, note)
        let whole = try await uncut(order, port: port)
        let expected = order.format == "json" ? whole : normalised(whole)
        #expect(stream.text == expected, note)
        return min(resumes, cuts)
    }

    private static func order(seed: UInt64, _ dice: inout Dice) -> CutStream.Order {
        CutStream.Order(
            model: dice.pick(["emoji", "chinese", "prose", "thai", "echo", "echo", "markdown"]),
            prompt: dice.text(pieces: Int.random(in: 1...250, using: &dice)),
            unit: dice.pick(["character", "word", "token", "delta"]),
            format: dice.pick(["text", "json"]),
            rate: dice.pick(["0", "0", "200", "500", "1000", "2000"]),
            seed: seed
        )
    }

    /// The request with which a client goes on; from the start where it has nothing yet.
    private static func next(of stream: CutStream, _ dice: inout Dice) -> String {
        guard let last = stream.lastID else { return Visit.request("GET", "/chat/stream/\(stream.id)") }
        return switch Int.random(in: 0..<3, using: &dice) {
        case 0:
            Visit.request("GET", "/chat/stream?prompt=again&rate=bad", fields: ["last-event-id: \(last)"])
        case 1: Visit.request("GET", "/chat/stream?last_event_id=\(last)")
        default: Visit.request("GET", "/chat/stream/\(stream.id)", fields: ["last-event-id: \(last)"])
        }
    }

    private static func uncut(_ order: CutStream.Order, port: Int) async throws -> [UInt8] {
        let request = Visit.request("POST", "/chat/stream", body: order.exact.body)
        let response = try await Visit.make(port: port, request)
        #expect(response.isWhole && response.complaint == nil)
        return try response.events.filter { $0.type == "message" }.dropLast().flatMap { event in
            try JSONReader.read(event.data)["delta"]?.bytes ?? []
        }
    }

    /// What text format shows: LF for CRLF and CR, U+FFFD for NUL.
    private static func normalised(_ text: [UInt8]) -> [UInt8] {
        var (out, previous): ([UInt8], UInt8) = ([], 0x20)
        for byte in text {
            switch byte {
            case 0x0D: out.append(0x0A)
            case 0x0A where previous == 0x0D: break
            case 0: out.append(contentsOf: [0xEF, 0xBF, 0xBD])
            default: out.append(byte)
            }
            previous = byte
        }
        return out
    }
}

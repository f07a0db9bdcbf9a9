// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import Metrics
import MockModel
import Testing
import Upstream

@testable import Gateway

struct TransferTapTests {
    private static let head = TransferPart.answered(
        TransferHead(
            status: 200,
            fields: [.init(name: "Content-Type", value: "a/b"), .init(name: "Set-Cookie", value: "s=1")]
        )
    )

    @Test func `what a transfer brought is there, with times since its request`() async throws {
        let folder = try TapeFolder()
        let tap = folder.tap(at: 1000)
        tap.received(Self.head, now: 1010)
        tap.received(.body([65]), now: 1020)
        tap.received(.body([0xFF, 66]), now: 1030)
        tap.received(.ended(.complete), now: 1040)
        tap.released(as: .whole, now: 9999)
        let cassettes = try await folder.cassettes()
        let cassette = try #require(cassettes.first)
        #expect(cassettes.count == 1)
        #expect(cassette.status == 200 && cassette.headTime == 10 && cassette.format == .gemini)
        #expect(cassette.fields == [.init(name: "content-type", value: "a/b")])
        #expect(cassette.reads == [.init(time: 20, bytes: [65]), .init(time: 30, bytes: [0xFF, 66])])
        #expect(cassette.ending == .complete && cassette.endTime == 40 && cassette.reason == nil)
        #expect(cassette.request?["path"]?.text == "/v1beta/models/m:go?alt=sse")
        #expect(cassette.request?["headers"]?.members?.map(\.name) == ["accept"])
        #expect(cassette.request?["body"]?["contents"]?.array?.isEmpty == true)
    }

    private struct End {
        var part: TransferPart.End?
        var outcome = CallOutcome.failed
        var ending: Cassette.Ending
    }

    @Test func `however a transfer ends, its cassette says so`() async throws {
        let ends = [
            End(part: .complete, outcome: .refused, ending: .complete), End(part: .reset("r"), ending: .reset),
            End(part: .notHTTP("r"), ending: .reset), End(part: .refused("r"), ending: .refused),
            End(part: .connectTimedOut, outcome: .timeout, ending: .refused), End(outcome: .timeout, ending: .timeout),
            End(outcome: .cancelled, ending: .cancelled), End(outcome: .whole, ending: .complete),
            End(outcome: .failed, ending: .complete),
        ]
        let folder = try TapeFolder()
        for end in ends {
            let tap = folder.tap(at: 0)
            tap.received(Self.head, now: 1)
            if let part = end.part { tap.received(.ended(part), now: 5) }
            tap.received(.body([1]), now: 6)
            tap.released(as: end.outcome, now: 7)
        }
        let cassettes = try await folder.cassettes()
        #expect(cassettes.count == ends.count)
        for end in ends {
            let found = cassettes.contains { $0.ending == end.ending && $0.endTime == (end.part == nil ? 7 : 5) }
            #expect(found, "\(end)")
        }
    }

    @Test func `what is longer than it may be is cut there`() async throws {
        let folder = try TapeFolder { $0.bytes = 10 }
        let tap = folder.tap(at: 0)
        tap.received(Self.head, now: 1)
        for time in 1...3 { tap.received(.body([UInt8](repeating: 65, count: 4)), now: Int64(time)) }
        tap.received(.body([66]), now: 4)
        tap.received(.ended(.complete), now: 5)
        tap.released(as: .whole, now: 6)
        let cassette = try #require(try await folder.cassettes().first)
        #expect(cassette.reads.map(\.bytes.count) == [4, 4, 2] && cassette.ending == .cut && cassette.endTime == 3)
    }

    @Test func `a recording for which there is no memory is given up, and its memory is free again`() async throws {
        let folder = try TapeFolder { $0.pendingBytes = 20_000 }
        let tooLong = folder.tap(at: 0)
        tooLong.received(Self.head, now: 0)
        tooLong.received(.body([UInt8](repeating: 65, count: 10_000)), now: 1)
        tooLong.received(.body([UInt8](repeating: 65, count: 6_000)), now: 2)
        let other = folder.tap(at: 0)
        other.received(Self.head, now: 0)
        other.received(.body([UInt8](repeating: 65, count: 15_000)), now: 1)
        tooLong.received(.body([66]), now: 3)
        other.released(as: .whole, now: 4)
        tooLong.released(as: .whole, now: 4)
        #expect(try await folder.cassettes().count == 1)
    }
}

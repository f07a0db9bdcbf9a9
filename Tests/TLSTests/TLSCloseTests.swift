// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import TLS

struct TLSCloseTests {
    @Test func `a close says goodbye, and does not wait for the answer`() throws {
        let wire = try Wire.connected()
        var isClosed = false
        wire.server.close().assumeIsolated().whenSuccess { isClosed = true }
        #expect(isClosed)
        #expect(wire.server.socket.isClosed)
        try wire.carry()
        #expect(wire.client.heard == [.inputClosed])
    }

    @Test func `both may say goodbye at once`() throws {
        let wire = try Wire.connected()
        wire.server.close(.output)
        wire.client.close(.output)
        try wire.carry()
        for peer in [wire.server, wire.client] {
            #expect(peer.heard.starts(with: [.inputClosed]))
            #expect(peer.socket.isClosed)
        }
    }

    @Test func `half of a connection may go on`() throws {
        let wire = try Wire.connected()
        wire.client.close(.output)
        #expect(wire.client.socket.isOutputClosed)
        try wire.carry()
        wire.server.receiveEnd()
        #expect(wire.server.heard == [.inputClosed], "told once")
        #expect(!wire.server.handler.isTruncated)
        wire.server.write("the rest")
        try wire.carry()
        #expect(wire.client.text == "the rest")
        wire.server.close(.output)
        #expect(wire.server.socket.isClosed)
        try wire.carry()
        #expect(wire.client.socket.isClosed)
    }

    @Test func `an end without goodbye is told, and that it was none`() throws {
        let wire = try Wire.connected()
        wire.server.receiveEnd()
        #expect(wire.server.heard == [.inputClosed])
        #expect(wire.server.handler.isTruncated)
    }

    @Test func `a socket that is gone without goodbye is told as such before its end is`() throws {
        for isWarned in [false, true] {
            let wire = try Wire.connected()
            if isWarned {
                wire.client.close()
                try wire.carry()
            }
            var wasTruncated: Bool?
            let handler = wire.server.handler
            wire.server.listener.reaction = { heard, _ in
                if heard == .inactive { wasTruncated = handler.isTruncated }
            }
            wire.server.channel.pipeline.fireChannelInactive()
            #expect(wasTruncated == !isWarned)
        }
    }

    @Test func `what is pending leaves before the close`() throws {
        let wire = try Wire.connected()
        wire.server.socket.stick()
        wire.server.write("last words")
        wire.server.close()
        #expect(!wire.server.socket.isClosed)
        wire.server.socket.loosen()
        #expect(wire.server.socket.isClosed)
        try wire.carry()
        #expect(wire.client.heard == [.data("last words"), .inputClosed, .readComplete])
    }

    @Test func `a peer that takes nothing delays the close no longer than its time`() throws {
        let wire = try Wire.connected()
        wire.server.socket.stick()
        var outcomes: [Bool] = []
        wire.server.write("last words").assumeIsolated().whenComplete { outcomes.append((try? $0.get()) != nil) }
        wire.server.close().assumeIsolated().whenComplete { outcomes.append((try? $0.get()) != nil) }
        wire.server.close().assumeIsolated().whenComplete { outcomes.append((try? $0.get()) != nil) }
        wire.loop.advanceTime(by: .milliseconds(999))
        #expect(!wire.server.socket.isClosed)
        wire.loop.advanceTime(by: .milliseconds(1))
        #expect(wire.server.socket.isClosed)
        #expect(outcomes.sorted { !$0 && $1 } == [false, true, true])
    }

    @Test func `an abandoned connection ends without a word`() throws {
        let wire = try Wire.connected()
        wire.server.handler.abandon()
        wire.server.close()
        #expect(wire.server.socket.isClosed)
        #expect(try wire.server.sent().readableBytes == 0)
    }

    @Test func `every promise is kept or broken, whatever happens`() throws {
        for seed in 0..<150 as Range<UInt64> {
            var dice = Dice(seed: seed)
            let wire = try Wire()
            var made = 0
            var completed = 0
            func count(_ future: EventLoopFuture<Void>) {
                made += 1
                future.assumeIsolated().whenComplete { _ in completed += 1 }
            }
            try wire.connect()
            for _ in 0..<30 {
                switch Int.random(in: 0..<14, using: &dice) {
                case 0: wire.server.socket.stick()
                case 1: wire.server.socket.loosen()
                case 2: if Bool.random(using: &dice) { count(wire.server.close()) }
                case 3: count(wire.server.close(.output))
                case 4: if Int.random(in: 0..<4, using: &dice) == 0 { wire.server.receiveEnd() }
                case 5: wire.server.receive(ByteBuffer(string: "noise"))
                case 6: wire.client.close(.output)
                case 7: wire.loop.advanceTime(by: .milliseconds(300))
                case 8..<11:
                    let length = [0, 1, 100, 17_000, 100_000].randomElement(using: &dice) ?? 0
                    count(wire.server.write(String(repeating: "x", count: length), flush: Bool.random(using: &dice)))
                default: try wire.carry()
                }
            }
            count(wire.server.close())
            wire.loop.advanceTime(by: .seconds(20))
            #expect(completed == made, "seed \(seed)")
            #expect(wire.server.heard.filter { $0 == .inputClosed }.count <= 1, "seed \(seed)")
            #expect(wire.server.heard.filter { $0 == .inactive }.count == 1, "seed \(seed)")
        }
    }
}

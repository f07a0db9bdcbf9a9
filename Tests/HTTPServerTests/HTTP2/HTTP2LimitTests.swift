// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP2
import Testing

@testable import HTTPServer

struct HTTP2LimitTests {
    private static func limits(streams: Int) -> HTTPLimits {
        var limits = HTTPLimits()
        limits.http2.streams = streams
        return limits
    }

    private static func frame(_ type: UInt8, flags: UInt8, stream: Int, _ payload: some Collection<UInt8>) -> [UInt8] {
        let length = (0..<3).map { UInt8(truncatingIfNeeded: payload.count >> (16 - 8 * $0)) }
        let number = (0..<4).map { UInt8(truncatingIfNeeded: stream >> (24 - 8 * $0)) }
        return length + [type, flags] + number + payload
    }

    /// `GET /`, packed without a trace in the table of fields, in as many frames as it needs.
    private static func head(on stream: Int, filler: Int = 0) -> [UInt8] {
        var block: [UInt8] = [0x82, 0x86, 0x84, 0x01, 4] + Array("here".utf8)
        if filler > 0 {
            // A length from 254 on, 7 bits a byte (RFC 7541, section 5.1).
            block += [0, 1, UInt8(ascii: "x"), 0x7F]
            var rest = filler - 127
            while rest >= 128 {
                block.append(UInt8(rest & 127 | 128))
                rest >>= 7
            }
            block.append(UInt8(rest))
            block += [UInt8](repeating: UInt8(ascii: "y"), count: filler)
        }
        var (bytes, rest) = ([UInt8](), block[...])
        repeat {
            let part = rest.prefix(16_384)
            rest = rest.dropFirst(part.count)
            let flags: UInt8 = (bytes.isEmpty ? 1 : 0) | (rest.isEmpty ? 4 : 0)
            bytes += frame(bytes.isEmpty ? 1 : 9, flags: flags, stream: stream, part)
        } while !rest.isEmpty
        return bytes
    }

    /// Types and streams of the frames that the server has written.
    private func written(by peers: HTTP2Peers) throws -> [[Int]] {
        peers.loop.run()
        var bytes: [UInt8] = []
        while case .byteBuffer(let piece)? = try peers.server.readOutbound(as: IOData.self) {
            bytes += piece.readableBytesView
        }
        var frames: [[Int]] = []
        while bytes.count >= 9 {
            frames.append([Int(bytes[3]), Int(bytes[8])])
            bytes.removeFirst(9 + Int(bytes[1]) << 8 + Int(bytes[2]))
        }
        return frames
    }

    @Test func `streams beyond the limit are refused one by one, also those of a client that does not know it yet`()
        throws
    {
        let peers = try HTTP2Peers(limits: Self.limits(streams: 2), shakesHands: false)
        for id in [1, 3, 5, 7, 9] as [HTTP2StreamID] { peers.request(id) }
        peers.pump()
        #expect(peers.responder.requests.count == 2)
        #expect([5, 7, 9].allSatisfy { peers.answers[$0]?.reset == .refusedStream })
        #expect(peers.goAways.isEmpty)
        for exchange in peers.responder.exchanges { exchange.respond(ServerResponse(status: .ok)) }
        peers.pump()
        #expect([1, 3].allSatisfy { peers.answers[$0]?.hasEnded == true })
        // There is room again.
        peers.request(11)
        peers.pump()
        #expect(peers.responder.requests.count == 3)
    }

    @Test func `a client that knows the limit and goes beyond it loses that stream only`() throws {
        let peers = try HTTP2Peers(limits: Self.limits(streams: 1))
        peers.request(1)
        peers.pump()
        let outlet = peers.responder.exchanges[0].stream(status: .ok, fields: [:])
        peers.sendRaw(Self.head(on: 3))
        #expect(try written(by: peers) == [[3, 3]])
        outlet.finish { $0.append(1) }
        peers.pump()
        #expect(peers.answers[1]?.body == [1])
        #expect(peers.goAways.isEmpty)
    }

    @Test func `the body of a refused stream is no mistake`() throws {
        let peers = try HTTP2Peers(limits: Self.limits(streams: 1), shakesHands: false)
        for id in [1, 3, 5] as [HTTP2StreamID] {
            peers.request(id, method: "POST", isLast: false)
            peers.body([1, 2, 3], isLast: true, on: id)
        }
        peers.pump()
        #expect(peers.responder.requests.map(\.body) == [[1, 2, 3]])
        #expect(peers.goAways.isEmpty)
    }

    @Test func `a flood of streams beyond the limit ends the connection`() throws {
        let peers = try HTTP2Peers(limits: Self.limits(streams: 1))
        for number in 0..<10_000 where peers.server.isActive { peers.sendRaw(Self.head(on: 2 * number + 1)) }
        #expect(!peers.server.isActive)
        #expect(peers.responder.requests.count == 1)
    }

    @Test(arguments: [false, true], [20_000, 30_000, 40_000, 200_000])
    func `a large head is taken or answered, and its sibling goes on`(shakesHands: Bool, size: Int) throws {
        let peers = try HTTP2Peers(shakesHands: shakesHands)
        peers.request(1)
        peers.deliver()
        peers.sendRaw(Self.head(on: 3, filler: size))
        let isTaken = size < HTTPLimits().head
        #expect(peers.responder.requests.count == (isTaken ? 2 : 1))
        // An answer's head and body on that stream, and nothing else.
        let frames = try written(by: peers)
        #expect(frames.filter { $0[1] > 0 } == (isTaken ? [] : [[1, 3], [0, 3]]))
        #expect(!frames.contains { $0[0] == 7 })
        peers.responder.exchanges[0].respond(ServerResponse(status: .ok, body: [1]))
        #expect(try written(by: peers).suffix(2) == [[1, 1], [0, 1]])
        #expect(peers.server.isActive)
    }

    @Test func `how large a head may be is as configured, be it much or little`() throws {
        for (limit, size, isTaken) in [(1 << 20, 1_000_000, true), (1 << 20, 1_100_000, false), (256, 10_000, false)] {
            var limits = HTTPLimits()
            limits.head = limit
            let peers = try HTTP2Peers(limits: limits)
            peers.sendRaw(Self.head(on: 1, filler: size))
            #expect(peers.responder.requests.count == (isTaken ? 1 : 0))
            #expect(try written(by: peers) == (isTaken ? [] : [[1, 1], [0, 1]]))
        }
    }

    @Test func `a head without measure ends the connection`() throws {
        let peers = try HTTP2Peers()
        peers.sendRaw(Self.head(on: 1, filler: 300_000))
        peers.pump()
        #expect(!peers.server.isActive)
        #expect(peers.goAways.count == 1)
        #expect(peers.responder.requests.isEmpty)
    }
}

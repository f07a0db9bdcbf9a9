// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP2
import TestSupport
import Testing

@testable import HTTPServer

struct HTTP2EndTests {
    @Test func `a drain lets what runs come to its end, takes nothing new, and closes then`() throws {
        let peers = try HTTP2Peers()
        peers.request(1)
        peers.pump()
        let outlet = peers.responder.exchanges[0].stream(status: .ok, fields: [:])
        outlet.write { $0.append(1) }
        peers.serverLoop.drain()
        peers.pump()
        #expect(peers.goAways == [.noError])
        #expect(peers.lastTaken == 1)
        peers.request(3)
        peers.pump()
        #expect(peers.responder.requests.count == 1)
        #expect(peers.server.isActive)
        outlet.finish { $0.append(2) }
        peers.pump()
        #expect(peers.answers[1]?.body == [1, 2])
        #expect(peers.answers[1]?.hasEnded == true)
        #expect(!peers.server.isActive)
    }

    @Test func `a drain closes a connection that rests at once`() throws {
        let peers = try HTTP2Peers()
        peers.serverLoop.drain()
        peers.pump()
        #expect(peers.goAways == [.noError])
        #expect(!peers.server.isActive)
    }

    @Test func `an answer that closes is the last but for those that run`() throws {
        let peers = try HTTP2Peers()
        peers.request(1)
        peers.request(3)
        peers.pump()
        peers.responder.exchanges[0].respond(ServerResponse(status: .serviceUnavailable), closing: true)
        peers.pump()
        #expect(peers.goAways == [.noError])
        #expect(peers.server.isActive)
        peers.responder.exchanges[1].respond(ServerResponse(status: .ok))
        peers.pump()
        #expect(peers.answers[3]?.statuses == ["200"])
        #expect(!peers.server.isActive)
    }

    @Test func `a connection that goes takes its streams along`() throws {
        let peers = try HTTP2Peers()
        peers.request(1)
        peers.request(3)
        peers.pump()
        let witness = OutletWitness()
        let outlets = peers.responder.exchanges.map { $0.stream(status: .ok, fields: [:]) }
        for outlet in outlets {
            outlet.delegate = witness
            outlet.write { $0.append(1) }
        }
        peers.server.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        peers.pump()
        #expect(witness.closed == 2)
        #expect(outlets.allSatisfy { !$0.isOpen })
        #expect(!peers.server.isActive)
    }

    @Test func `a shutdown says good-bye and cuts`() throws {
        let peers = try HTTP2Peers()
        peers.request(1)
        peers.pump()
        peers.serverLoop.shutDown()
        peers.pump()
        #expect(peers.goAways == [.noError])
        #expect(!peers.server.isActive)
    }

    @Test(arguments: [.ping(HTTP2PingData(), ack: false), .settings(.settings([]))] as [HTTP2Frame.FramePayload])
    func `a flood of frames that are to be answered ends the connection`(payload: HTTP2Frame.FramePayload) throws {
        // Fewer than the library's client takes answers for.
        var limits = HTTPLimits()
        limits.http2.controlFrames = 50
        let peers = try HTTP2Peers(limits: limits)
        for _ in 0..<1_000 where peers.server.isActive {
            peers.send(payload)
            peers.pump()
        }
        #expect(!peers.server.isActive)
        #expect(peers.goAways.contains(.enhanceYourCalm))
    }

    // WINDOW_UPDATE of the connection, and a type that nobody knows.
    @Test(arguments: [frame(8, payload: [0, 0, 0, 1]), frame(0xFA)])
    func `a flood of frames that nobody answers ends the connection`(frame: [UInt8]) throws {
        let peers = try HTTP2Peers()
        for _ in 0..<10_000 where peers.server.isActive { peers.sendRaw(frame) }
        peers.pump()
        #expect(!peers.server.isActive)
        #expect(peers.goAways.contains(.enhanceYourCalm))
    }

    @Test func `rapid resets end the connection`() throws {
        let peers = try HTTP2Peers()
        for number in 0..<1_000 where peers.server.isActive {
            let id = HTTP2StreamID(2 * number + 1)
            peers.request(id)
            peers.reset(id)
            peers.pump()
        }
        #expect(!peers.server.isActive)
        #expect(peers.goAways.contains(.enhanceYourCalm))
        #expect(peers.responder.requests.count <= HTTP2Limits().resets + 1)
    }

    @Test func `a client that answers each frame with two updates may do so for ever`() throws {
        let peers = try HTTP2Peers()
        peers.request(1)
        peers.pump()
        let outlet = peers.responder.exchanges[0].stream(status: .ok, fields: [:])
        for _ in 0..<2_500 {
            outlet.write { $0.append(1) }
            peers.pump()
        }
        #expect(peers.server.isActive)
        #expect(peers.answers[1]?.body.count == 2_500)
    }

    @Test(arguments: 0..<60)
    func `no bytes and no order of frames bring the server down`(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let peers = try HTTP2Peers()
        for _ in 0..<80 where peers.server.isActive {
            let id = HTTP2StreamID(Int.random(in: 0...9, using: &dice))
            switch Int.random(in: 0...9, using: &dice) {
            case 0:
                peers.sendRaw(
                    (0..<Int.random(in: 1...30, using: &dice)).map { _ in .random(in: 0...255, using: &dice) }
                )
            case 1...4:
                let payload = (0..<Int.random(in: 0...20, using: &dice)).map { _ in
                    UInt8.random(in: 0...255, using: &dice)
                }
                let flags = UInt8.random(in: 0...255, using: &dice)
                peers.sendRaw(
                    frame(.random(in: 0...10, using: &dice), flags: flags, stream: UInt8(Int(id)), payload: payload)
                )
            case 5: peers.request(id, isLast: .random(using: &dice))
            case 6: peers.body([1, 2, 3], isLast: .random(using: &dice), on: id)
            case 7: peers.reset(id)
            case 8: peers.responder.exchanges.last?.respond(ServerResponse(status: .ok, body: [1]))
            default: peers.pump()
            }
        }
        peers.pump()
        peers.responder.forgetExchanges()
        peers.pump()
        peers.serverLoop.shutDown()
        peers.pump()
        #expect(!peers.server.isActive)
    }
}

private func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt8 = 0, payload: [UInt8] = []) -> [UInt8] {
    [0, 0, UInt8(payload.count), type, flags, 0, 0, 0, stream] + payload
}

// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP2
import Testing

@testable import HTTPServer

struct HTTP2FlowTests {
    /// Two streams that answer, of whose data the client takes that of the second only.
    private func twoStreams(window: Int) throws -> (HTTP2Peers, any Outlet, any Outlet) {
        let peers = try HTTP2Peers(window: window)
        peers.readsFrom = { $0 == 3 }
        peers.request(1)
        peers.request(3)
        peers.pump()
        let outlets = peers.responder.exchanges.map { $0.stream(status: .ok, fields: [:]) }
        return (peers, outlets[0], outlets[1])
    }

    @Test func `a stalled stream keeps its bytes back and not its sibling's`() throws {
        let (peers, stalled, live) = try twoStreams(window: 1_000)
        for _ in 0..<10 {
            stalled.write { $0.append(contentsOf: [UInt8](repeating: 1, count: 400)) }
            live.write { $0.append(contentsOf: [UInt8](repeating: 2, count: 400)) }
            peers.pump()
        }
        #expect(peers.answers[1]?.body.count == 1_000)
        #expect(peers.answers[3]?.body.count == 4_000)
        #expect(stalled.pendingBytes == 3_000)
        #expect(live.pendingBytes == 0)
    }

    @Test func `nothing is delivered to who takes nothing, and more to who reads`() throws {
        let (peers, stalled, live) = try twoStreams(window: 1_000)
        let write: (any Outlet) -> Void = { $0.write { $0.append(contentsOf: [UInt8](repeating: 1, count: 900)) } }
        for outlet in [stalled, stalled, live] { write(outlet) }
        peers.pump()
        let (before, liveBefore) = (stalled.progress(), live.progress())
        #expect(before.undelivered == 800)
        for outlet in [stalled, live] { write(outlet) }
        peers.pump()
        #expect(stalled.progress().delivered == before.delivered)
        #expect(live.progress().delivered > liveBefore.delivered)
        #expect(live.progress().undelivered == 0)
    }

    @Test func `who has seen that bytes wait hears when they have left, and never while it writes`() throws {
        let (peers, stalled, _) = try twoStreams(window: 100)
        let witness = OutletWitness()
        stalled.delegate = witness
        for _ in 0..<5 {
            witness.isWriting = true
            stalled.write { $0.append(contentsOf: [UInt8](repeating: 1, count: 50)) }
            _ = stalled.pendingBytes
            witness.isWriting = false
        }
        peers.pump()
        #expect(witness.drained == 0)
        peers.take(1_000, of: 1)
        peers.pump()
        #expect(witness.drained == 1)
        #expect(stalled.pendingBytes == 0)
        #expect(!witness.wasToldWithinWrite)
    }

    @Test func `who never looked is not told`() throws {
        let (peers, _, live) = try twoStreams(window: 1_000)
        let witness = OutletWitness()
        live.delegate = witness
        for _ in 0..<5 {
            live.write { $0.append(1) }
            peers.pump()
        }
        #expect(witness.drained == 0)
    }

    @Test(arguments: [false, true])
    func `a cut stream has an error for its end, after what was written, and its sibling goes on`(
        byReset: Bool
    ) throws {
        let (peers, cut, live) = try twoStreams(window: 1_000)
        let witness = OutletWitness()
        cut.delegate = witness
        cut.write { $0.append(contentsOf: [1, 2, 3]) }
        if byReset { cut.reset() } else { cut.abort() }
        cut.write { $0.append(4) }
        peers.pump()
        #expect(peers.answers[1]?.body == [1, 2, 3])
        #expect(peers.answers[1]?.hasEnded == false)
        #expect(peers.answers[1]?.reset == .internalError)
        #expect(witness.closed == 1)
        #expect(!cut.isOpen)
        live.finish { $0.append(1) }
        peers.pump()
        #expect(peers.answers[3]?.hasEnded == true)
    }

    @Test func `a closed stream ends with an error when what was written has left`() throws {
        let (peers, closed, _) = try twoStreams(window: 100)
        closed.write { $0.append(contentsOf: [UInt8](repeating: 1, count: 150)) }
        closed.close()
        peers.pump()
        #expect(peers.answers[1]?.reset == nil)
        #expect(!closed.isOpen)
        peers.take(100, of: 1)
        peers.pump()
        #expect(peers.answers[1]?.body.count == 150)
        #expect(peers.answers[1]?.hasEnded == false)
        #expect(peers.answers[1]?.reset == .internalError)
    }

    @Test func `while what was written does not leave, nothing more is read`() throws {
        let peers = try HTTP2Peers()
        peers.server.isWritable = false
        peers.server.pipeline.fireChannelWritabilityChanged()
        let before = peers.flushes.reads
        peers.request(1, method: "HEAD")
        peers.pump()
        #expect(peers.flushes.reads == before)
        peers.server.isWritable = true
        peers.server.pipeline.fireChannelWritabilityChanged()
        #expect(peers.flushes.reads == before + 1)
    }

    @Test func `bodies that were given up leave room for others`() throws {
        var limits = HTTPLimits()
        limits.body = 1 << 20
        limits.bodyTime = .nanoseconds(0)
        let peers = try HTTP2Peers(limits: limits)
        let part = [UInt8](repeating: 0, count: 900_000)
        for id in [1, 3, 5, 7, 9, 11] as [HTTP2StreamID] {
            peers.request(id, method: "POST", isLast: false)
            peers.body(part, isLast: false, on: id)
            peers.pump()
            peers.loop.advanceTime(to: .now())
            peers.pump()
            #expect(peers.answers[id]?.statuses == ["408"])
        }
        peers.request(13, method: "POST", isLast: false)
        peers.body(part, isLast: true, on: 13)
        peers.pump()
        #expect(peers.responder.requests.first?.body.count == part.count)
    }

    @Test func `an answer that says more or less than its length is an error`() throws {
        for written in [1, 9] {
            let peers = try HTTP2Peers()
            peers.request(1)
            peers.pump()
            let outlet = peers.responder.exchanges[0].stream(status: .ok, fields: [.contentLength: "5"])
            outlet.finish { $0.append(contentsOf: [UInt8](repeating: 1, count: written)) }
            peers.pump()
            #expect(peers.answers[1]?.hasEnded == false)
            #expect(peers.answers[1]?.reset == .internalError)
            #expect(peers.server.isActive)
        }
    }

    @Test func `an answer whose head fits into no frame ends its stream alone`() throws {
        let (peers, _, live) = try twoStreams(window: 1_000)
        peers.request(5)
        peers.pump()
        let fields: HTTPFields = [.location: String(repeating: "/", count: 17_000)]
        peers.responder.exchanges[2].respond(ServerResponse(status: .ok, fields: fields, body: [1]))
        live.finish { $0.append(1) }
        peers.pump()
        #expect(peers.answers[5]?.reset == .internalError)
        #expect(peers.answers[3]?.hasEnded == true)
        #expect(peers.goAways.isEmpty)
    }

    @Test func `the client's reset closes that stream's outlet only`() throws {
        let (peers, reset, live) = try twoStreams(window: 1_000)
        let (witness, other) = (OutletWitness(), OutletWitness())
        reset.delegate = witness
        live.delegate = other
        var ends: [ExchangeEnd] = []
        peers.responder.exchanges[0].onEnd { ends.append($0) }
        peers.reset(1)
        peers.pump()
        #expect(witness.closed == 1)
        #expect(other.closed == 0)
        #expect(ends.map(\.isComplete) == [false])
        #expect(!reset.isOpen)
        #expect(live.isOpen)
        reset.write { $0.append(1) }
        peers.pump()
        #expect(peers.server.isActive)
    }

    @Test func `an exchange that is dropped unanswered ends its stream with an error`() throws {
        let peers = try HTTP2Peers()
        peers.request(1)
        peers.pump()
        peers.responder.forgetExchanges()
        peers.pump()
        #expect(peers.answers[1]?.reset == .internalError)
    }
}

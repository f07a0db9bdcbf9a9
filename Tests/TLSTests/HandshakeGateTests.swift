// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import Testing

@testable import TLS

struct HandshakeGateTests {
    /// The loop's turns, by hand.
    private final class Turns {
        private var later: [() -> Void] = []

        var isAwaited: Bool { !later.isEmpty }

        func gate(limit: Int) -> HandshakeGate {
            HandshakeGate(
                limit: limit,
                atTurnsEnd: { [self] in later.append($0) },
                inNextTurn: { [self] in later.append($0) }
            )
        }

        func pass() {
            let all = later
            later = []
            for body in all { body() }
        }
    }

    private let turns = Turns()

    @Test func `in each turn as many steps are done as there are places, in order`() throws {
        let gate = turns.gate(limit: 2)
        var done: [Int] = []
        let tickets = (0..<7).map { number in gate.enter(hasBegun: false) { done.append(number) } }
        #expect(tickets.map { $0 == nil } == [true, true, false, false, false, false, false])
        #expect(done == [])
        turns.pass()
        #expect(done == [2, 3])
        let fifth = tickets[4]
        gate.withdraw(try #require(fifth))
        turns.pass()
        #expect(done == [2, 3, 5, 6])
        #expect(gate.enter(hasBegun: false) {} != nil, "both places of this turn are taken")
    }

    @Test func `places come back by themselves, and then nothing is awaited`() {
        let gate = turns.gate(limit: 2)
        #expect(!turns.isAwaited)
        #expect(gate.enter(hasBegun: false) {} == nil)
        #expect(gate.enter(hasBegun: false) {} == nil)
        turns.pass()
        #expect(gate.taken == 0)
        #expect(!turns.isAwaited)
        #expect(gate.enter(hasBegun: false) {} == nil)
        #expect(turns.isAwaited)
    }

    @Test func `who has begun goes before who has not`() {
        let gate = turns.gate(limit: 1)
        var order: [String] = []
        _ = gate.enter(hasBegun: false) {}
        for name in ["a", "b"] { _ = gate.enter(hasBegun: false) { order.append(name) } }
        for name in ["c", "d"] { _ = gate.enter(hasBegun: true) { order.append(name) } }
        while turns.isAwaited { turns.pass() }
        #expect(order == ["c", "d", "a", "b"])
    }

    @Test func `who comes while others wait does not pass them`() {
        let gate = turns.gate(limit: 1)
        var order: [String] = []
        _ = gate.enter(hasBegun: false) {}
        _ = gate.enter(hasBegun: false) {
            order.append("waiting")
            #expect(gate.enter(hasBegun: false) { order.append("newcomer") } != nil)
        }
        turns.pass()
        #expect(order == ["waiting"])
        turns.pass()
        #expect(order == ["waiting", "newcomer"])
    }

    @Test func `those who withdraw cost no place`() {
        let gate = turns.gate(limit: 1)
        var done = 0
        _ = gate.enter(hasBegun: false) {}
        let tickets = (0..<10_000).map { _ in gate.enter(hasBegun: false) { done += 1 } }
        for case let ticket? in tickets.dropLast() { gate.withdraw(ticket) }
        turns.pass()
        #expect(done == 1)
        turns.pass()
        #expect(!turns.isAwaited)
    }

    @Test func `a connection that says nothing holds no place`() throws {
        let gate = turns.gate(limit: 1)
        let silent = try Wire(gate: gate)
        try silent.server.connect()
        #expect(silent.server.socket.reads == 1)
        #expect(gate.taken == 0)
        var start = try hello()
        let part = start.readSlice(length: 20)
        silent.server.receive(try #require(part))
        turns.pass()
        let other = try Wire(gate: gate)
        try other.connect()
        try carry(other)
        #expect(other.server.heard == [.active, .handshake("h2")])
        #expect(silent.server.heard == [.active])
    }

    @Test func `a connection waits for its turn, and reads no more until then`() throws {
        let gate = turns.gate(limit: 1)
        #expect(gate.enter(hasBegun: false) {} == nil)
        let wire = try Wire(gate: gate)
        try wire.connect()
        try wire.carry()
        #expect(wire.server.heard == [.active])
        #expect(wire.server.socket.reads == 1)
        turns.pass()
        #expect(wire.server.socket.reads == 2)
        try carry(wire)
        #expect(wire.server.heard == [.active, .handshake("h2")])
    }

    @Test func `the time at the gate counts, and who is gone has no turn`() throws {
        let gate = turns.gate(limit: 1)
        #expect(gate.enter(hasBegun: false) {} == nil)
        let (late, closed) = (try Wire(gate: gate), try Wire(gate: gate))
        for wire in [late, closed] {
            try wire.connect()
            try wire.carry()
        }
        closed.server.close()
        late.loop.advanceTime(by: .seconds(10))
        #expect(late.server.heard == [.active, .error("the handshake was not done within 10000 ms"), .inactive])
        turns.pass()
        #expect(gate.taken == 0)
        #expect(try late.server.sent().readableBytes + closed.server.sent().readableBytes == 0)
    }

    private func hello() throws -> ByteBuffer {
        let wire = try Wire()
        try wire.client.connect()
        return try wire.client.sent()
    }

    /// To the end of the handshake.
    private func carry(_ wire: Wire) throws {
        try wire.carry()
        while turns.isAwaited {
            turns.pass()
            try wire.carry()
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import Testing

@testable import TLS

struct HandshakeGateTests {
    @Test func `those who wait are let in by turns, as places become free`() {
        let gate = HandshakeGate(limit: 2)
        var admitted: [Int] = []
        let tickets = (0..<6).map { number in gate.enter { admitted.append(number) } }
        #expect(tickets.map { $0 == nil } == [true, true, false, false, false, false])
        gate.leave()
        #expect(admitted == [2])
        if let ticket = tickets[3] { gate.withdraw(ticket) }
        gate.leave()
        gate.leave()
        #expect(admitted == [2, 4, 5])
        #expect(gate.running == 2)
        gate.leave()
        gate.leave()
        #expect(gate.running == 0)
        #expect(gate.enter {} == nil)
    }

    @Test func `a hundred thousand who are done at once need no deep stack`() {
        let gate = HandshakeGate(limit: 1)
        var done = 0
        _ = gate.enter {}
        for _ in 0..<100_000 {
            _ = gate.enter {
                done += 1
                gate.leave()
            }
        }
        gate.leave()
        #expect(done == 100_000)
        #expect(gate.running == 0)
    }

    @Test func `who comes while others wait does not pass them`() {
        let gate = HandshakeGate(limit: 1)
        var order: [String] = []
        _ = gate.enter {}
        _ = gate.enter {
            order.append("waiting")
            #expect(gate.enter { order.append("newcomer") } != nil)
        }
        gate.leave()
        #expect(order == ["waiting"])
        gate.leave()
        #expect(order == ["waiting", "newcomer"])
    }

    @Test func `a connection waits for the one before it, and its time passes`() throws {
        let gate = HandshakeGate(limit: 1)
        let first = try Wire(gate: gate)
        let second = try Wire(gate: gate)
        let third = try Wire(gate: gate)
        for wire in [first, second, third] { try wire.connect() }
        try second.carry()
        #expect(second.server.heard == [.active])
        #expect(second.server.socket.reads == 0)
        second.server.close()
        try first.carry()
        #expect(first.server.heard == [.active, .handshake("h2")])
        #expect(gate.running == 1)
        third.loop.advanceTime(by: .seconds(10))
        #expect(third.server.heard == [.active, .error("the handshake was not done within 10000 ms"), .inactive])
        #expect(gate.running == 0)
    }
}

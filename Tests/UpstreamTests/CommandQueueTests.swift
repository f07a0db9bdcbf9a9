// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Upstream

struct CommandQueueTests {
    private let queue: CommandQueue

    init() throws {
        queue = try #require(CommandQueue())
    }

    @Test func `commands come out in the order in which they went in, and once`() {
        for id in 1...3 { queue.send(.cancel(TransferID(id))) }
        queue.send(.acknowledge(4, bytes: 5))
        #expect(taken() == [1, 2, 3, 4])
        #expect(taken() == [])
    }

    @Test func `an acknowledgement wakes nobody while all transfers flow`() {
        queue.send(.acknowledge(1, bytes: 5))
        #expect(!isAwake)
        queue.send(.cancel(2))
        #expect(isAwake)
        #expect(taken() == [1, 2])
    }

    @Test func `an acknowledgement wakes while a transfer has paused`() {
        queue.transferPaused()
        #expect(queue.hasPausedTransfers)
        queue.send(.acknowledge(1, bytes: 5))
        #expect(isAwake)
        _ = taken()
        queue.transferResumed()
        #expect(!queue.hasPausedTransfers)
        queue.send(.acknowledge(1, bytes: 5))
        #expect(!isAwake)
    }

    @Test func `many commands wake once, and again after they were taken`() {
        for id in 1...3 { queue.send(.cancel(TransferID(id))) }
        #expect(isAwake)
        queue.send(.cancel(4))
        #expect(!isAwake)
        #expect(taken().count == 4)
        queue.send(.cancel(5))
        #expect(isAwake)
    }

    /// Whether it has been woken since this was last asked.
    private var isAwake: Bool {
        var count: UInt64 = 0
        return read(queue.wakeUp, &count, 8) == 8
    }

    private func taken() -> [TransferID] {
        var commands: [CommandQueue.Command] = []
        queue.take(&commands)
        return commands.map { command in
            switch command {
            case .start(let id, _, _), .acknowledge(let id, _), .cancel(let id): id
            case .shutDown: 0
            }
        }
    }
}

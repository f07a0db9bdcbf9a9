// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Testing
import Typewriter

@testable import Gateway
@testable import Upstream

struct TransferInboxTests {
    @Test func `what has come while a stream starts is handed over when it has started`() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let seen = NIOLoopBoundBox.makeBoxSendingValue([String](), eventLoop: loop)
        let inbox = TransferInbox(eventLoop: loop) { seen.value.append("handed over") }
        try await loop.submit {
            // A turn that is near needs no wake; then a stream puts it off.
            inbox.expect(nextTurn: 0, now: 0)
            inbox.deliver([TransferDelivery(id: 1, part: .ended(.complete))])
            inbox.expect(nextTurn: .max, now: Pacer.now())
            inbox.expect(nextTurn: .max, now: Pacer.now())
            seen.value.append("started")
        }.get()
        #expect(try await loop.submit { seen.value }.get() == ["started", "handed over"])
        #expect(inbox.take().count == 1)
    }
}

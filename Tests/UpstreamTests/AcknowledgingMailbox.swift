// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import Upstream

/// Counts the bytes of the body, and acknowledges as many of them as it is told to.
final class AcknowledgingMailbox: TransferMailbox {
    private let reactor: CurlReactor
    private let credit: Mutex<Int>
    private let received = Mutex(0)
    private let (news, told) = AsyncStream.makeStream(of: Bool.self)

    init(_ reactor: CurlReactor, credit: Int = .max) {
        self.reactor = reactor
        self.credit = Mutex(credit)
    }

    func deliver(_ batch: [TransferDelivery]) {
        for delivery in batch {
            switch delivery.part {
            case .answered: break
            case .body(let bytes):
                received.withLock { $0 += bytes.count }
                let taken = credit.withLock { credit in
                    let taken = min(credit, bytes.count)
                    credit -= taken
                    return taken
                }
                if taken > 0 { reactor.acknowledge(delivery.id, bytes: taken) }
            case .ended: told.yield(true)
            }
            told.yield(false)
        }
    }

    var receivedBytes: Int { received.withLock { $0 } }

    /// Waits until so many bytes have come, or the transfer has ended.
    func wait(forBytes count: Int) async {
        guard receivedBytes < count else { return }
        for await hasEnded in news where hasEnded || receivedBytes >= count { return }
    }
}

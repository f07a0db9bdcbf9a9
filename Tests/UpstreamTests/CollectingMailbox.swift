// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import Upstream

/// Keeps what the reactor delivers.
final class CollectingMailbox: TransferMailbox {
    private let deliveries = Mutex<[TransferDelivery]>([])
    private let (endings, told) = AsyncStream.makeStream(of: Void.self)

    func deliver(_ batch: [TransferDelivery]) {
        deliveries.withLock { $0 += batch }
        for delivery in batch { if case .ended = delivery.part { told.yield() } }
    }

    /// Waits for the next transfer to end.
    func waitForEnd() async {
        for await _ in endings { return }
    }

    var all: [TransferDelivery] { deliveries.withLock { $0 } }

    var ends: [TransferPart.End] {
        all.compactMap { if case .ended(let end) = $0.part { end } else { nil } }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import Upstream

/// Keeps what the reactor delivers.
final class CollectingMailbox: TransferMailbox {
    private let deliveries = Mutex<[TransferDelivery]>([])

    func deliver(_ batch: [TransferDelivery]) {
        deliveries.withLock { $0 += batch }
    }

    var all: [TransferDelivery] { deliveries.withLock { $0 } }

    var ends: [TransferPart.End] {
        all.compactMap { if case .ended(let end) = $0.part { end } else { nil } }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Typewriter
internal import Upstream

/// Whom a transfer brings what an upstream says.
protocol TransferTaker: AnyObject {
    func received(_ part: TransferPart, now: Nanoseconds)
}

// SPDX-License-Identifier: Apache-2.0

@testable import HTTPServer

/// Counts what an outlet tells.
final class OutletWitness: OutletDelegate {
    private(set) var drained = 0
    private(set) var closed = 0
    /// Set while the test writes: nothing may be told then.
    var isWriting = false
    private(set) var wasToldWithinWrite = false

    func outletDrained() {
        drained += 1
        if isWriting { wasToldWithinWrite = true }
    }

    func outletPeerFinishedSending() {}

    func outletClosed() {
        closed += 1
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer

extension AnswerSession: OutletDelegate {
    /// Not at once: a client that reads as fast as this writes would have the loop for itself.
    func outletDrained() {
        if handle >= 0 { pacer.wake(handle, at: Pacer.now()) }
    }

    /// A client that closes its sending side may still read. If it is gone, the next write tells.
    func outletPeerFinishedSending() {}

    func outletClosed() {
        if writer.isOpen { leave(.disconnected) } else { finishUp() }
    }
}

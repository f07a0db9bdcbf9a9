// SPDX-License-Identifier: Apache-2.0

internal import EventStream
internal import HTTPServer

extension Reader: OutletDelegate {
    /// Not at once: a client that reads as fast as this writes would have the loop for itself.
    func outletDrained() {
        if handle >= 0 { stream.pacer.wake(handle, at: Pacer.now()) }
    }

    /// Half closed or gone? The answer to a write tells: a peer that is gone resets the connection.
    func outletPeerFinishedSending() {
        guard line == nil else { return probe(now: Pacer.now()) }
        write(now: Pacer.now()) { FrameEncoder.appendComment(to: &$0) }
    }

    func outletClosed() {
        leave()
    }
}

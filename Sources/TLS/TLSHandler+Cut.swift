// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

extension TLSHandler {
    /// Closes the socket now, without an end of the session: the peer is to take it for an error of the network.
    public func cut() {
        context?.close(promise: nil)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension StreamEnd {
    /// How a request ends whose connection failed.
    init(_ error: SystemError, isConnected: Bool) {
        switch error.code {
        case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN: self = .refused
        case ETIMEDOUT: self = isConnected ? .timeOut : .connectTimeOut
        case EADDRNOTAVAIL, EADDRINUSE, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC, EAGAIN: self = .exhausted
        // Even where we had not seen yet that it stood: a connection that does not is refused, not reset.
        case ECONNRESET: self = .reset
        default: self = isConnected ? .reset : .refused
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension StreamEnd {
    /// How a request ends whose connection failed.
    init(_ error: SystemError, isConnected: Bool) {
        switch error.code {
        case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN: self = .refused
        case ETIMEDOUT: self = isConnected ? .timeOut : .connectTimeOut
        case EADDRNOTAVAIL, EADDRINUSE, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC, EAGAIN: self = .exhausted
        // A server that resets a connection before it stands refuses it.
        default: self = isConnected ? .reset : .refused
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The process's file descriptors.
public enum Descriptors {
    /// Kept free of client connections: for upstreams, files, and telling clients that there is no room.
    static let reserve = 200

    /// Raises the soft limit to the hard one, as servers do: the soft one is low for the sake of `select`.
    public static func raiseLimit() {
        var current = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &current) == 0 else { return }
        current.rlim_cur = min(current.rlim_max, 1 << 20)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &current)
    }

    /// How many the process may have open.
    static var limit: Int {
        var current = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &current) == 0 else { return 1024 }
        return max(Int(clamping: current.rlim_cur), reserve + 1)
    }

    /// A socket's peer is to be told of its end by a reset: the system drops what has not left, and sends no FIN.
    static func resetOnClose(_ socket: CInt) {
        var atOnce = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<linger>.size))
    }
}

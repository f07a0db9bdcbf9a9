// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How many connections the process may have.
enum DescriptorBudget {
    /// Kept for files, names and reports.
    private static let reserve = 32

    /// Raises the limit as far as it goes, and tells how many descriptors are free for connections. At least 1.
    static func free() -> Int {
        var limits = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limits) == 0 else { return 1 }
        limits.rlim_cur = min(limits.rlim_max, 1 << 20)
        setrlimit(resource, &limits)
        guard getrlimit(resource, &limits) == 0 else { return 1 }
        // The lowest free number: nearly all below it are in use.
        let next = dup(STDIN_FILENO)
        if next >= 0 { close(next) }
        return max(1, Int(clamping: limits.rlim_cur) - Int(max(next, 3)) - reserve)
    }
}

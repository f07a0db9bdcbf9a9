// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How many descriptors the process may have.
enum DescriptorBudget {
    /// Kept for files, names and reports.
    private static let reserve = 32

    /// Raises the soft limit as far as it goes, since it is low by default for the sake of `select`, and tells the limit;
    /// nil where the system does not.
    static func raise() -> Int? {
        var limits = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limits) == 0 else { return nil }
        limits.rlim_cur = min(limits.rlim_max, 1 << 20)
        setrlimit(resource, &limits)
        return getrlimit(resource, &limits) == 0 ? Int(clamping: limits.rlim_cur) : nil
    }

    /// How many are free for connections once the limit is raised. At least 1.
    static func free() -> Int {
        guard let limit = raise() else { return 1 }
        // The lowest free number: nearly all below it are in use.
        let next = dup(STDIN_FILENO)
        if next >= 0 { close(next) }
        return max(1, limit - Int(max(next, 3)) - reserve)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Standard input, output and error: where a shell has closed one (`2>&-`), the next descriptor takes its number, and what is
/// meant for a terminal would go to a socket.
enum StandardDescriptors {
    /// Opens those that are closed, on nothing. Call it before anything else is opened.
    static func secure() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this one.
            _ = open("/dev/null", O_RDWR)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What the command says to its user.
enum Output {
    /// One line on standard error.
    static func error(_ message: String) {
        write("typebar: \(message)\n", to: STDERR_FILENO)
    }

    /// Lines on standard error, as they are.
    static func text(_ text: String) {
        write("\(text)\n", to: STDERR_FILENO)
    }

    /// A report on standard output, with its own line ends.
    static func report(_ text: String) {
        write(text, to: STDOUT_FILENO)
    }

    /// One line on standard output, now and without a buffer: a script may wait for it.
    static func line(_ text: String) {
        write("\(text)\n", to: STDOUT_FILENO)
    }

    /// A line that nobody can read any more is no reason to fail.
    private static func write(_ text: String, to descriptor: CInt) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}

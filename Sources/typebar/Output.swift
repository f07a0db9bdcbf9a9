// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What the command says to its user.
enum Output {
    /// One line on standard error.
    static func error(_ message: String) {
        write("typebar: \(message)\n", to: STDERR_FILENO)
    }

    /// One line on standard output, now and without a buffer: a script may wait for it.
    static func line(_ text: String) {
        write("\(text)\n", to: STDOUT_FILENO)
    }

    /// A line that nobody can read any more is no reason to fail.
    private static func write(_ text: String, to descriptor: CInt) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }
}

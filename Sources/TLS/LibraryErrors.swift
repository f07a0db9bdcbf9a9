// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Glibc

/// The thread's queue of what went wrong in libssl and libcrypto.
enum LibraryErrors {
    /// Before a call whose outcome is asked about: an entry from before would be taken for its own.
    static func clear() { ERR_clear_error() }

    /// Empties the queue.
    /// - Returns: What it held, the cause first; in one line, without repetition.
    static func take() -> String {
        var reasons: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            let reason = text(of: code)
            if !reasons.contains(reason) { reasons.append(reason) }
        }
        return reasons.isEmpty ? "for an unknown reason" : reasons.joined(separator: ", ")
    }

    private static func text(of code: UInt) -> String {
        // libcrypto marks errors of the system with the highest bit of 32, and has no words for them.
        guard code & 1 << 31 == 0 else { return String(cString: strerror(Int32(code & 0x7FFF_FFFF))) }
        return ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(String(code, radix: 16))"
    }
}

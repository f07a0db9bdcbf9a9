// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import Logging
internal import Synchronization

/// Writes lines to a descriptor on a thread of its own: whoever logs never waits for who reads the log. What a slow
/// reader leaves waiting is bounded; the rest is left out, and a line tells how much that was.
public final class LineWriter: Sendable {
    private let descriptor: CInt
    private let lines: Mutex<LineQueue>
    private let thread = DispatchQueue(label: "typebar.log")

    /// - Parameter limit: Bytes that wait at most; as many again may be on their way.
    public init(descriptor: CInt, limit: Int = 1 << 20) {
        self.descriptor = descriptor
        self.lines = Mutex(LineQueue(limit: limit))
    }

    /// Has a line written, which bears its newline; returns at once.
    public func write(_ line: [UInt8]) {
        let isFirst = lines.withLock { $0.append(line) }
        if isFirst { thread.async { self.writeAll() } }
    }

    /// Waits until what was given is written, or for so many milliseconds.
    public func flush(within milliseconds: Int) {
        let done = DispatchSemaphore(value: 0)
        thread.async { done.signal() }
        _ = done.wait(timeout: .now() + .milliseconds(milliseconds))
    }

    private func writeAll() {
        while let bytes = lines.withLock({ $0.take(noting: Self.note) }) { write(all: bytes) }
    }

    private static func note(dropped: Int) -> [UInt8] {
        LogLine.render(
            .warning,
            "Log lines were left out",
            ["lines": "\(dropped)"],
            time: WallClock.nanoseconds()
        )
    }

    private func write(all bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count >= 0 {
                    written += count
                } else if errno == EAGAIN {
                    // Whoever gave us the descriptor may have made it one that does not wait.
                    var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&state, 1, -1)
                } else if errno != EINTR {
                    // Nobody reads any more.
                    return
                }
            }
        }
    }
}

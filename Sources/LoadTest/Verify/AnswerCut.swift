// SPDX-License-Identifier: Apache-2.0

internal import Typewriter
internal import Upstream

/// How the transfer of an answer ended.
enum AnswerCut: Equatable, Sendable {
    /// As its framing said it would.
    case complete
    case refused(String)
    /// The connection was reset: RST, or what HTTP/2 has for it.
    case reset(String)
    /// The connection was closed before the body's end.
    case closed(String)
    case notHTTP(String)
    /// Nothing came for so long, and we have given up.
    case silent(Nanoseconds)

    init(_ end: TransferPart.End) {
        switch end {
        case .complete: self = .complete
        case .refused(let reason): self = .refused(reason)
        case .connectTimedOut: self = .refused("no connection in time")
        case .notHTTP(let reason): self = .notHTTP(reason)
        case .reset(let reason):
            // libcurl has one code for both, and tells them apart in words: its own, or the system's.
            let marks = ["reset by peer", "HTTP/2 stream", "Broken pipe"]
            self = marks.contains { reason.contains($0) } ? .reset(reason) : .closed(reason)
        }
    }
}

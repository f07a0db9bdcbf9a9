// SPDX-License-Identifier: Apache-2.0

/// What the page says of how things ended, and how it cuts what is too long for it.
enum PageWords {
    /// Stands alone: `connection reset`.
    static func end(_ end: StreamEnd) -> String {
        switch end {
        case .complete: "complete"
        case .cut: "cut"
        case .refused: "refused"
        case .connectTimeOut: "no connection in time"
        case .handshake: "TLS handshake failed"
        case .noHTTP2: "no HTTP/2"
        case .noStreams: "no stream allowed"
        case .exhausted: "out of ports or descriptors"
        case .reset: "reset"
        case .timeOut: "silent"
        case .status: "error status"
        case .notAStream: "no stream"
        case .truncated: "truncated"
        case .noCloseNotify: "TLS cut off"
        case .errorEvent: "error event"
        case .grammar: "bad grammar"
        case .repeatedIDs: "repeated ids"
        case .lostIDs: "lost ids"
        case .empty: "no token"
        }
    }

    /// What a file, a server or a command line said, at a bearable length.
    static func clipped(_ text: String, to length: Int = 600) -> String {
        let start = text.unicodeScalars.prefix(length)
        return String(start).printable + (start.endIndex < text.unicodeScalars.endIndex ? "…" : "")
    }
}

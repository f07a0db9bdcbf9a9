// SPDX-License-Identifier: Apache-2.0

/// Compares what a client begins with to HTTP/2's preface (RFC 9113, section 3.4), as it comes.
struct PrefaceMatch {
    enum Verdict {
        case undecided
        case http1
        case http2
    }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    static let length = preface.count

    private var matched = 0

    mutating func take(_ bytes: some Sequence<UInt8>) -> Verdict {
        for byte in bytes {
            guard byte == Self.preface[matched] else { return .http1 }
            matched += 1
            if matched == Self.length { return .http2 }
        }
        return .undecided
    }
}

// SPDX-License-Identifier: Apache-2.0

extension StreamEnd {
    /// Follows a count: `3 reset by the server`.
    var words: String {
        switch self {
        case .complete: "complete"
        case .cut: "cut at the end of the run"
        case .refused: "refused"
        case .connectTimeOut: "without a connection in time"
        case .handshake: "without TLS: the handshake failed"
        case .noHTTP2: "without HTTP/2: the server does not agree to it"
        case .noStreams: "without a stream: the server's HTTP/2 settings allow none"
        case .exhausted: "for want of ports or descriptors on this machine"
        case .reset: "reset by the server"
        case .timeOut: "silent for too long"
        case .status: "with a status other than 200"
        case .notAStream: "answered with no stream of this format"
        case .truncated: "ended without the terminator"
        case .noCloseNotify: "cut off: TLS ended without close_notify"
        case .errorEvent: "with an error in the stream"
        case .grammar: "against the stream's grammar"
        case .repeatedIDs: "with repeated ids"
        case .lostIDs: "with lost ids"
        case .empty: "whole, but without a token"
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation

extension RetrySettings {
    /// Whether a request that ended in `fault` before its first token is one to send again.
    func covers(_ fault: ChatFault) -> Bool {
        Cause(of: fault).map(causes.contains) ?? false
    }
}

extension RetrySettings.Cause {
    /// Nil where the same request would fail in the same way, or the fault is not the upstream's.
    fileprivate init?(of fault: ChatFault) {
        switch fault.kind {
        case .upstreamRefused: self = .connect
        case .upstreamReset: self = .reset
        case .upstreamTimeout: self = fault.clock == .connect ? .connect : .timeout
        case .upstreamStatus: self.init(status: fault.status ?? 0)
        case .upstreamProtocol, .upstreamError, .truncated, .cancelled, .overloaded, .internal: return nil
        }
    }

    private init?(status: Int) {
        switch status {
        case 408: self = .requestTimeout
        case 429: self = .rateLimit
        case 500...599: self = .serverError
        default: return nil
        }
    }
}

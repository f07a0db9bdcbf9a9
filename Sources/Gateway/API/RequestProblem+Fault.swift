// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import WireFormats

extension RequestProblem {
    /// What a fault is as an HTTP error, where the answer has not begun.
    init(_ fault: ChatFault) {
        let status =
            switch fault.kind {
            // No error, or one that is none of HTTP's, is our problem: a 204 has no body that could tell it.
            case .upstreamStatus: fault.status.flatMap { (400...599).contains($0) ? $0 : nil } ?? 502
            case .upstreamTimeout: 504
            case .overloaded: 503
            case .internal: 500
            case .cancelled: 499
            default: 502
            }
        self.init(status: status, code: fault.kind.rawValue, message: fault.message, retryAfter: fault.retryAfter)
    }
}

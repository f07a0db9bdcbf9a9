// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Metrics
internal import Upstream

extension CallOutcome {
    /// How the attempts end that are released in one step of a call: by its fault, or because nobody wants them.
    init(of actions: [RoutedCall.Action]) {
        for action in actions {
            switch action {
            case .retried(let fault, _, _):
                self.init(fault)
                return
            case .say(let events):
                guard case .fault(let fault) = events.last else { continue }
                self.init(fault)
                return
            default: continue
            }
        }
        self = .cancelled
    }

    private init(_ fault: ChatFault) {
        switch fault.kind {
        case .upstreamStatus: self = .refused
        case .upstreamTimeout: self = .timeout
        default: self = .failed
        }
    }
}

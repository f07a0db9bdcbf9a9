// SPDX-License-Identifier: Apache-2.0

public import Conversation
public import Typewriter
public import WireFormats

extension Cassette {
    /// What the model said, and when: to be told in another wire format, or at another pace. The last is `end` or
    /// `fault`.
    /// - Parameter parser: A fresh one of the cassette's ``format``.
    public func events(using parser: some AnswerParser) -> [(time: Nanoseconds, event: ChatEvent)] {
        if isRefusal, let status {
            let fault = ChatFault(
                kind: .upstreamStatus,
                message: "The recorded upstream answered with status \(status).",
                retryable: ChatFault.isRetryable(status: status),
                status: status
            )
            return [(endTime, .fault(fault))]
        }
        var parser = parser
        var events: [(time: Nanoseconds, event: ChatEvent)] = []
        for read in reads {
            events += parser.feed(read.bytes).map { (read.time, $0) }
        }
        if ending == .complete {
            events += parser.finish().map { (endTime, $0) }
        } else if !(events.last?.event.isLast ?? false) {
            events.append((endTime, .fault(fault)))
        }
        return events
    }

    private var fault: ChatFault {
        switch ending {
        case .timeout:
            ChatFault(kind: .upstreamTimeout, message: "The recorded upstream fell silent.", retryable: true)
        case .refused:
            ChatFault(kind: .upstreamRefused, message: "The recorded upstream was not reached.", retryable: true)
        case .complete, .reset, .cancelled, .cut:
            ChatFault(kind: .upstreamReset, message: "The recorded upstream's connection broke.", retryable: true)
        }
    }
}

extension ChatEvent {
    fileprivate var isLast: Bool {
        switch self {
        case .end, .fault: true
        default: false
        }
    }
}

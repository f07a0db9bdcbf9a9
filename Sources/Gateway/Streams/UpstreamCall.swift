// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Typewriter
internal import Upstream

/// A transfer that brings a stream its text, and how much of it has been acknowledged.
final class UpstreamCall {
    let transfer: TransferID
    private let reactor: CurlReactor
    private var exchange: ChatExchange
    /// Bytes that were delivered and may not be followed by more yet.
    private var withheld = 0

    init(reactor: CurlReactor, transfer: TransferID, exchange: ChatExchange) {
        self.reactor = reactor
        self.transfer = transfer
        self.exchange = exchange
    }

    /// When ``clockRanOut(now:)`` is to be called.
    var deadline: Nanoseconds? { exchange.deadline }
    var hasEnded: Bool { exchange.hasEnded }
    var isHeldBack: Bool { withheld > 0 }

    func received(_ part: TransferPart, now: Nanoseconds) -> [ChatEvent] {
        if case .body(let bytes) = part { withheld += bytes.count }
        return exchange.received(part, now: now)
    }

    func clockRanOut(now: Nanoseconds) -> [ChatEvent] {
        exchange.clockRanOut(now: now)
    }

    /// Takes more of the transfer, or leaves it where it is.
    func setRoom(_ hasRoom: Bool, now: Nanoseconds) {
        exchange.holdBack(!hasRoom, now: now)
        guard hasRoom, withheld > 0 else { return }
        reactor.acknowledge(transfer, bytes: withheld)
        withheld = 0
    }

    func cancel() {
        reactor.cancel(transfer)
    }
}

@available(*, unavailable)
extension UpstreamCall: Sendable {}

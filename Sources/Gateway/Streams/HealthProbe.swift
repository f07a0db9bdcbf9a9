// SPDX-License-Identifier: Apache-2.0

internal import Logging
internal import Typewriter
internal import Upstream

/// Asks one upstream again and again whether it is well, and tells the board.
final class HealthProbe: Pulsing {
    private let endpoint: UpstreamEndpoint
    private let settings: HealthCheckSettings
    private var check: HealthCheck
    private unowned let loop: GatewayLoop
    private var handle: PacingWheel.Handle = -1
    /// The question that is under way, and until when it may be answered.
    private var asked: (transfer: TransferID, deadline: Nanoseconds)?

    init(_ endpoint: UpstreamEndpoint, _ settings: HealthCheckSettings, loop: GatewayLoop) {
        self.endpoint = endpoint
        self.settings = settings
        self.loop = loop
        let now = Pacer.now()
        check = HealthCheck(settings, now: now)
        handle = loop.pacer.add(self)
        loop.pacer.wake(handle, at: now)
    }

    func warm(_ step: Int) {}

    func pulse(now: Nanoseconds) {
        if let asked, asked.deadline <= now { answered(isWell: false, now: now) }
        if asked == nil, check.nextTime <= now { ask(now: now) }
        if handle >= 0 { loop.pacer.wake(handle, at: asked?.deadline ?? check.nextTime) }
    }

    /// A part of some transfer that is no call's.
    func received(_ part: TransferPart, of transfer: TransferID, now: Nanoseconds) {
        guard asked?.transfer == transfer else { return }
        switch part {
        case .answered(let head): answered(isWell: head.status < 500, now: now)
        case .ended: answered(isWell: false, now: now)
        case .body: break
        }
        if handle >= 0 { loop.pacer.wake(handle, at: asked?.deadline ?? check.nextTime) }
    }

    func retire() {
        if handle >= 0 { loop.pacer.remove(handle) }
        handle = -1
        if let asked { loop.reactor?.cancel(asked.transfer) }
        asked = nil
    }

    private func ask(now: Nanoseconds) {
        guard let reactor = loop.reactor, let inbox = loop.inbox else { return }
        let transfer = reactor.start(endpoint.healthTransfer(settings), deliveringTo: inbox)
        asked = (transfer, now + Nanoseconds(settings.timeoutMilliseconds) * .millisecond)
    }

    private func answered(isWell: Bool, now: Nanoseconds) {
        if let asked { loop.reactor?.cancel(asked.transfer) }
        asked = nil
        guard let isHealthy = check.answered(isWell: isWell, now: now) else { return }
        loop.services.board.setHealthy(isHealthy, endpoint: endpoint.name)
        loop.services.logger.warning(
            isHealthy ? "Upstream is well again" : "Upstream is not well",
            metadata: ["upstream": "\(endpoint.name)"]
        )
    }
}

@available(*, unavailable)
extension HealthProbe: Sendable {}

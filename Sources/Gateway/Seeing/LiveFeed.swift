// SPDX-License-Identifier: Apache-2.0

internal import EventStream
internal import HTTPServer
internal import Metrics
internal import NIOCore
internal import Synchronization
internal import Typewriter

/// Tells a live page the server's figures, once a second, until the page goes.
final class LiveFeed: Pulsing, OutletDelegate {
    private static let interval: Nanoseconds = 1 * .second
    /// A page that takes nothing misses some.
    private static let undelivered = 64 << 10

    private let outlet: any Outlet
    private unowned let loop: GatewayLoop
    private var handle: PacingWheel.Handle = -1
    private var next: Nanoseconds = 0
    private var watch: StallWatch

    init(_ outlet: any Outlet, loop: GatewayLoop) {
        self.outlet = outlet
        self.loop = loop
        self.watch = StallWatch(limit: loop.services.configuration.streams.stall, now: Pacer.now())
    }

    func begin() {
        outlet.delegate = self
        next = Pacer.now()
        handle = loop.pacer.add(self)
        pulse(now: next)
    }

    func warm(_ step: Int) {}

    func pulse(now: Nanoseconds) {
        guard handle >= 0 else { return }
        guard !watch.hasStalled(outlet.progress(), now: now) else { return outlet.abort() }
        next += Self.interval
        loop.pacer.wake(handle, at: next)
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        MetricsRound.collect(loop.services, on: loop.number) { sum, _ in bound.value.tell(sum) }
    }

    private func tell(_ sum: LoopMetrics) {
        guard handle >= 0, outlet.isOpen, outlet.pendingBytes < Self.undelivered else { return }
        let (metrics, gauges, seconds) = loop.figures(sum)
        let data = MetricsPage.json(metrics, upstreams: gauges, uptimeSeconds: seconds, version: Version.text)
        outlet.write { out in
            out.append(contentsOf: Array("data: ".utf8))
            out.append(contentsOf: data)
            out.append(contentsOf: [0x0A, 0x0A])
        }
        // It shows how the server goes down, and holds that up for nobody.
        guard loop.services.isDraining.load(ordering: .relaxed), metrics.drainRemaining == 0 else { return }
        outlet.finish { _ in }
        leave()
    }

    func outletDrained() {}

    func outletPeerFinishedSending() {
        outlet.abort()
    }

    func outletClosed() {
        leave()
    }

    private func leave() {
        guard handle >= 0 else { return }
        loop.pacer.remove(handle)
        handle = -1
        outlet.delegate = nil
    }
}

@available(*, unavailable)
extension LiveFeed: Sendable {}

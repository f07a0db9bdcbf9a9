// SPDX-License-Identifier: Apache-2.0

internal import Metrics
internal import NIOCore
internal import Synchronization

/// Collects the figures of all event loops: each gives a copy of its own, and the last one hands over the sum.
final class MetricsRound: Sendable {
    private struct State {
        var sum = LoopMetrics()
        var missing: Int
    }

    private let state: Mutex<State>

    private init(loops: Int) {
        state = Mutex(State(missing: loops))
    }

    /// - Parameters:
    ///   - number: The loop on which `body` is called with the sum.
    static func collect(
        _ services: GatewayServices,
        on number: Int,
        then body: @escaping @Sendable (LoopMetrics, GatewayLoop) -> Void
    ) {
        let round = MetricsRound(loops: services.loopCount)
        services.executeOnAll { loop in
            var metrics = loop.pacer.metrics
            // Counted where it is written: a stream may last for hours.
            metrics.wrote(bytes: loop.writtenBytes())
            guard let sum = round.add(metrics) else { return }
            services.execute(on: number) { body(sum, $0) }
        }
    }

    /// The sum, where this was the last part of it.
    private func add(_ metrics: LoopMetrics) -> LoopMetrics? {
        state.withLock { state in
            state.sum.merge(metrics)
            state.missing -= 1
            return state.missing == 0 ? state.sum : nil
        }
    }
}

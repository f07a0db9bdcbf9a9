// SPDX-License-Identifier: Apache-2.0

/// Plays a plan over plain HTTP/1.1 with epoll, on the thread that calls it, and measures.
public final class LoadEngine: Sendable {
    /// What other threads may see while it runs.
    public let live = LiveFigures()
    private let plan: LoadPlan
    private let signals = LoopSignals()

    public init(_ plan: LoadPlan) { self.plan = plan }

    /// Runs to the end. Errors: ``LoadFailure``, before the first request.
    public func run() throws(LoadFailure) -> RunRecord {
        var addresses: [SocketAddress] = []
        for target in plan.targets { addresses.append(try Resolver.address(of: target)) }
        var loop = try LoadLoop(plan, addresses: addresses, capacity: capacity(), signals: signals, live: live)
        return loop.play()
    }

    /// Ends the run soon: what has been measured is reported. From any thread, and from a signal's.
    public func interrupt() {
        signals.interrupt()
    }

    /// The most connections at once.
    private func capacity() throws(LoadFailure) -> Int {
        let free = DescriptorBudget.free()
        guard let most = LoadDriver(plan).mostAtOnce else { return free }
        guard most <= free else {
            let advice = "ask for fewer, for more processes, or raise the limit (`ulimit -n`)"
            throw LoadFailure(
                description: "\(most) streams at once need as many descriptors, and \(free) are free: \(advice)"
            )
        }
        // Of each target some may rest while others are asked.
        return min(free, max(1, most) * plan.targets.count)
    }
}

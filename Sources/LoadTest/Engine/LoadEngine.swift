// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix
internal import TLS

/// Plays a plan, and measures: over plain HTTP/1.1 with epoll, on the thread that calls it; over TLS and HTTP/2 with NIO, on
/// a thread of its own.
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
        guard plan.engine == .epoll else { return try runChannels(to: addresses) }
        var loop = try LoadLoop(plan, addresses: addresses, capacity: capacity(), signals: signals, live: live)
        return loop.play()
    }

    private func runChannels(to addresses: [SocketAddress]) throws(LoadFailure) -> RunRecord {
        var places: [NIOCore.SocketAddress] = []
        for (address, target) in zip(addresses, plan.targets) {
            guard let place = address.forChannels else {
                throw LoadFailure(description: "the host \(target.host) has an address of neither IPv4 nor IPv6")
            }
            places.append(place)
        }
        let contexts = try contexts()
        let capacity = try capacity()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let result = eventLoop.makePromise(of: RunRecord.self)
        let (plan, signals, live, all) = (plan, signals, live, places)
        eventLoop.execute {
            ChannelLoop(
                plan,
                eventLoop: eventLoop,
                addresses: all,
                contexts: contexts,
                capacity: capacity,
                signals: signals,
                live: live,
                result: result
            ).prepare()
        }
        let outcome = Result { try result.futureResult.wait() }
        try? group.syncShutdownGracefully()
        do {
            return try outcome.get()
        } catch {
            throw error as? LoadFailure ?? LoadFailure(description: "the run has failed: \(error)")
        }
    }

    /// What the sessions of each target share; nil: it is asked without TLS.
    private func contexts() throws(LoadFailure) -> [TLSContext?] {
        var contexts: [TLSContext?] = []
        for target in plan.targets {
            guard target.isSecure else {
                contexts.append(nil)
                continue
            }
            var settings = plan.security
            settings.protocols = [target.usesHTTP2 ? "h2" : "http/1.1"]
            do {
                contexts.append(try TLSContext(client: settings))
            } catch {
                throw LoadFailure(description: error.description)
            }
        }
        return contexts
    }

    /// Ends the run soon: what has been measured is reported. From any thread, and from a signal's.
    public func interrupt() {
        signals.interrupt()
    }

    /// The most connections at once.
    private func capacity() throws(LoadFailure) -> Int {
        let free = DescriptorBudget.free()
        guard let streams = LoadDriver(plan).mostAtOnce else { return free }
        let most = plan.connections(for: streams)
        guard most <= free else {
            let advice = "ask for fewer, for more processes, or raise the limit (`ulimit -n`)"
            throw LoadFailure(
                description: "\(most) streams at once need as many descriptors, and \(free) are free: \(advice)"
            )
        }
        // Of each target some may rest while others are asked; and a server may want fewer streams on a connection.
        return min(free, max(1, streams) * plan.targets.count)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import Typewriter

extension ChannelLoop {
    /// Tries each target once, then connects all that the plan will want at once, then begins.
    func prepare() {
        for target in plan.targets.indices { preparation.trials.insert(connect(target).id) }
        lookAtPreparation()
    }

    private func lookAtPreparation() {
        now = KernelClock.now()
        if let failure = preparation.failure {
            closeAll()
            return result.fail(failure)
        }
        let isLate = now - preparation.began > 2 * LoadLoop.connectTimeOut
        if isLate || signals.isInterrupted || preparation.failed >= Preparation.mostFailed || isReady {
            preparation.isOver = true
            giveUpConnecting()
            return begin()
        }
        endSilent()
        if preparation.trials.isEmpty, preparation.failure == nil {
            if preparation.wanted == nil { preparation.wanted = connectionsAhead }
            while let target = preparation.next() { preparation.opening.insert(connect(target).id) }
        }
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(max(now + Preparation.period, 0)))
        eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.lookAtPreparation() }
    }

    /// All stand, and it is nearly time: looking at the machine takes a moment.
    private var isReady: Bool {
        preparation.isDone && now >= (plan.startsAt ?? now) - LoadLoop.heartbeat
    }

    /// How many follow the first ones, of each target.
    private var connectionsAhead: [Int] {
        let targets = plan.targets.count
        guard var streams = driver.mostAtOnce else { return plan.targets.map { _ in 0 } }
        if let requests = plan.requests {
            var all = requests
            if case .requests(let warmUp) = plan.warmUp { all += warmUp }
            streams = min(streams, (all + plan.share.count - 1) / plan.share.count)
        }
        return plan.targets.indices.map { target in
            let each = streamLimits[target]
            let wanted = ((streams + targets - 1) / targets + each - 1) / each
            return min(wanted, capacity / targets) - 1
        }
    }

    /// The requests will tell what is wrong.
    private func giveUpConnecting() {
        for connection in connections.values where connection.phase == .opening { drop(connection) }
    }

    /// A connection that was made ahead stands, or will not.
    func settle(_ connection: ChannelConnection) {
        guard !preparation.isOver else { return }
        let isTrial = preparation.trials.remove(connection.id) != nil
        preparation.opening.remove(connection.id)
        guard connection.phase != .open else { return }
        preparation.failed += 1
        guard isTrial else { return }
        let target = plan.targets[connection.target]
        switch connection.refusal {
        case .handshake:
            let isDistrust = connection.words.contains("not trusted")
            let advice = isDistrust ? "; --ca FILE trusts an authority, --insecure any certificate" : ""
            preparation.failure = LoadFailure(
                description: "no TLS with \(target.host):\(target.port): \(connection.words)\(advice)"
            )
        case .noHTTP2:
            preparation.failure = LoadFailure(
                description: "\(target.host):\(target.port) does not agree to HTTP/2: \(connection.words); "
                    + "leave --http 2 out, or ask a server that speaks it"
            )
        case .noStreams:
            preparation.failure = LoadFailure(
                description:
                    "\(target.host):\(target.port) allows no stream of HTTP/2: SETTINGS_MAX_CONCURRENT_STREAMS is 0; "
                    + "raise its limit, or leave --http 2 out"
            )
        default: break
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Weighs the signs of a run, and says in words which of them speak against its figures.
///
/// A sign counts only where there is enough of it: one late request among twenty is no percentile, and a fifth of a second
/// no share of a processor.
struct Jury {
    private let run: RunRecord
    private let signals: TrustSignals
    private let burst: Int
    private let cores: Int
    /// Of the target whose events follow each other the fastest; nil: no gaps.
    private let medianGap: Nanoseconds?
    /// The client measured itself.
    private(set) var clientBound: [String] = []
    private(set) var degraded: [String] = []

    init(_ run: RunRecord, burst: Int, cores: Int) {
        self.run = run
        self.cores = max(cores, 1)
        signals = run.signals
        self.burst = max(burst / max(signals.processes, 1), 1)
        medianGap = run.targets.compactMap { $0[.gap].percentile(0.5) }.min()
    }

    mutating func hearAll() {
        weighProcessor()
        weighSending()
        weighReading()
        weighReads()
        weighSchedule()
        weighMachine()
    }

    // MARK: The processor

    /// The thread's part of the time, used or waited for; shorter runs are mostly their own beginning.
    private mutating func weighProcessor() {
        guard signals.wallSeconds >= TrustBounds.shortestShare * Double(max(signals.processes, 1)) else { return }
        let used = signals.cpuSeconds / signals.wallSeconds
        let waited = signals.waitSeconds / signals.wallSeconds
        let parts = "used \(percent(used)) of a core and waited for one \(percent(waited)) of the time"
        if isFailing {
            // Who is refused turns in a circle: that fills any core, and is the server's doing.
            if used > TrustBounds.mostProcessor { degraded.append("the client \(parts), and most requests failed") }
        } else if used > TrustBounds.mostProcessor || used + waited > TrustBounds.mostWanted {
            clientBound.append("the client \(parts) (at most \(percent(TrustBounds.mostWanted)) together)")
        } else if waited > TrustBounds.mostWaited {
            clientBound.append("the client \(parts) (waiting at most \(percent(TrustBounds.mostWaited)))")
        } else if used >= TrustBounds.easyProcessor {
            degraded.append("the client \(parts) (below \(percent(TrustBounds.easyProcessor)) used)")
        } else if waited >= TrustBounds.easyWaited {
            degraded.append("the client \(parts) (below \(percent(TrustBounds.easyWaited)) waited)")
        }
    }

    private var isFailing: Bool {
        let ends = run.targets.flatMap(\.ends)
        let failed = ends.reduce(0) { $0 + ($1.key.isFailure && $1.key != .exhausted ? $1.value : 0) }
        return 2 * failed > ends.reduce(0) { $0 + $1.value }
    }

    // MARK: Lateness

    /// What is planned for one moment leaves one after the other: that makes a client slow, not overloaded.
    private mutating func weighSending() {
        let lag = signals.sendLag
        let most = TrustBounds.mostSendLag + Nanoseconds(burst) * TrustBounds.sendCost
        let told = "requests left \(milliseconds(lag.percentile(0.99))) ms late at p99"
        if isLate(lag, beyond: most) {
            clientBound.append("\(told) (at most \(milliseconds(most)) ms)")
        } else if isLate(lag, beyond: TrustBounds.easySendLag) {
            let advice = Nanoseconds(burst) * TrustBounds.sendCost > TrustBounds.easySendLag
            let cause = advice ? ": \(burst) were planned for one moment, a ramp would spread them" : ""
            degraded.append("\(told) (at most \(milliseconds(TrustBounds.easySendLag)) ms)\(cause)")
        }
    }

    /// How long what had arrived waited for us. The kernel's stamps keep that out of the latencies.
    private mutating func weighReading() {
        if signals.lacksKernelStamps { weighUnstamped() }
        weighDelay(TrustBounds.easyDelay, at: 0.99)
        weighDelay(signals.lacksKernelStamps ? TrustBounds.easyDelay : TrustBounds.easyTail, at: 0.999)
    }

    /// Without stamps the client's own delay is in all latencies. How late its timer and the line before its sockets were
    /// is all there is to tell how much; where the line was not measured either, nobody knows.
    private mutating func weighUnstamped() {
        let late = milliseconds(max(signals.timerLag.percentile(0.99) ?? 0, signals.loopLag.percentile(0.99) ?? 0))
        let told = "the client came \(late) ms late at p99, and the kernel does not stamp what arrives"
        let easy = max(TrustBounds.easyDelay, gapShare(TrustBounds.easyGapShare))
        if isLoopLate(beyond: TrustBounds.mostSendLag) {
            clientBound.append("\(told) (at most \(milliseconds(TrustBounds.mostSendLag)) ms)")
        } else if signals.loopLag.isEmpty {
            degraded.append("the kernel does not stamp what arrives: latencies hold the client's own delay")
        } else if isLoopLate(beyond: easy) {
            degraded.append("\(told): latencies hold that delay (below \(milliseconds(easy)) ms)")
        }
    }

    private func isLoopLate(beyond limit: Nanoseconds) -> Bool {
        isLate(signals.timerLag, beyond: limit) || isLate(signals.loopLag, beyond: limit)
    }

    private mutating func weighDelay(_ limit: Nanoseconds, at q: Double) {
        let delay = signals.kernelToUser
        let most = max(limit, gapShare(TrustBounds.easyGapShare))
        let isMeant = q == 0.99 || delay.enoughFor(q)
        guard isMeant, let value = delay.percentile(q), isLate(delay, beyond: most, at: q) else { return }
        degraded.append(
            "what arrived waited \(milliseconds(value)) ms for the client at p\(PlanText.number(q * 100)) "
                + "(below \(milliseconds(most)) ms)"
        )
    }

    /// Events that one read brought share one time. Where they had waited, that is this client's doing; where not, the
    /// server or a proxy sent them together, and the figures say so.
    private mutating func weighReads() {
        guard signals.contents > 0, signals.sharedContents >= TrustBounds.fewest else { return }
        let delay = signals.loopLag.isEmpty ? signals.kernelToUser : signals.loopLag
        let share = Double(signals.sharedContents) / Double(signals.contents)
        let wait = max(TrustBounds.easyDelay, gapShare(0.5))
        let waited = signals.loopLag.isEmpty ? isLate(delay, beyond: wait) : isLoopLate(beyond: wait)
        let told = "\(percent(share)) of the events came with another in one read"
        if share > TrustBounds.mostShared, waited {
            let late = milliseconds(delay.percentile(0.99))
            clientBound.append("\(told), after waiting \(late) ms at p99")
        } else if share > TrustBounds.easyShared, waited || delay.isEmpty {
            degraded.append("\(told): gaps between them are lost (at most \(percent(TrustBounds.easyShared)))")
        }
    }

    // MARK: The rest

    private mutating func weighSchedule() {
        let planned = run.targets.reduce(0) { $0 + $1.planned }
        let begun = run.targets.reduce(0) { $0 + $1.begun }
        let exhausted = run.targets.reduce(0) { $0 + ($1.ends[.exhausted] ?? 0) }
        if exhausted > 0 {
            let told = "\(exhausted) requests found no port or descriptor on this machine"
            if Double(exhausted) > TrustBounds.mostExhausted * Double(begun) {
                clientBound.append(told)
            } else {
                degraded.append(told)
            }
        }
        if begun < planned {
            degraded.append("the schedule was not kept: \(planned - begun) of \(planned) planned requests never began")
        }
        let doubted = run.targets.reduce(0) { $0 + $1.reading.disagreements }
        if doubted > 0 {
            degraded.append("\(doubted) of the events that were read twice were told apart differently")
        }
    }

    private mutating func weighMachine() {
        if signals.clockSteps > 0 {
            degraded.append("the wall clock, by which the kernel stamps, was set \(times(signals.clockSteps))")
        }
        if signals.listenDrops > 0 {
            degraded.append(
                "the queue of a listening socket on this machine overflowed \(times(signals.listenDrops)): "
                    + "connections waited a second or more"
            )
        }
        let collapsed = Double(signals.collapsedSegments)
        if collapsed > TrustBounds.mostCollapsed * Double(max(signals.contents, 1)) {
            degraded.append(
                "the kernel joined \(signals.collapsedSegments) segments for want of memory: their stamps are lost"
            )
        }
        let wall = signals.wallSeconds / Double(max(signals.processes, 1))
        guard wall >= TrustBounds.shortestShare else { return }
        let stolen = signals.stolenSeconds / (wall * Double(cores))
        if stolen > TrustBounds.mostStolen {
            degraded.append(
                "the machine's host took \(percent(stolen)) of its processors (at most \(percent(TrustBounds.mostStolen)))"
            )
        }
    }

    /// More than the part 1 - `q` of the values exceeds the limit, and not by an accident or two.
    private func isLate(_ values: Distribution, beyond limit: Nanoseconds, at q: Double = 0.99) -> Bool {
        let share = values.share(above: limit)
        guard share > 1 - q else { return false }
        return share * Double(values.count) >= Double(TrustBounds.fewest) || share > 0.5
    }

    private func gapShare(_ share: Double) -> Nanoseconds {
        Nanoseconds(Double(medianGap ?? 0) * share)
    }

    private func percent(_ share: Double) -> String {
        let percent = share * 100
        return PlanText.number(percent < 10 ? (percent * 10).rounded() / 10 : percent.rounded()) + " %"
    }

    private func milliseconds(_ time: Nanoseconds?) -> String {
        PlanText.milliseconds(time ?? 0)
    }

    private func times(_ count: Int) -> String {
        count == 1 ? "once" : "\(count) times"
    }
}

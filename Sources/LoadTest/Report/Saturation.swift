// SPDX-License-Identifier: Apache-2.0

/// Why a level of a sweep is more than can be borne. The first that applies counts.
public enum Saturation: Equatable, Sendable, CustomStringConvertible {
    /// The client broke before the server did.
    case clientBound
    /// More requests failed than may.
    case errors(share: Double)
    /// Open loops: less than 95 % of the planned requests were begun by the end.
    case behind(share: Double)
    /// The first token's p99 (its mean, where there are too few for that) is more than 4 times the first level's.
    case slow(factor: Double)
    /// Closed loops: more users got hardly more tokens a second in all: less than a tenth of what their number promised.
    case noGain(share: Double)

    /// - Parameters:
    ///   - run: The level that is judged.
    ///   - lower: The levels before it.
    public init?(of run: Report.Run, after lower: some BidirectionalCollection<Report.Run>, maxErrorRate: Double) {
        let errors = run.record.targets.map(\.errorShare).max() ?? 0
        if run.verdict.level == .clientBound {
            self = .clientBound
        } else if run.hasFailed(maxErrorRate: maxErrorRate) {
            self = .errors(share: errors)
        } else if !run.isClosedLoop, let begun = run.begunShare, begun < 0.95 {
            self = .behind(share: begun)
        } else if let first = lower.first, let factor = run.slowness(against: first), factor > 4 {
            self = .slow(factor: factor)
        } else if run.isClosedLoop, let last = lower.last, let gain = run.gain(over: last), gain < 0.1 {
            self = .noGain(share: gain)
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .clientBound: "the client broke first: give it more cores or --processes"
        case .errors(let share): share > 0 ? "\(Figure.share(share)) of the requests failed" : "no request succeeded"
        case .behind(let share): "only \(Figure.share(share)) of the planned requests could begin in time"
        case .slow(let factor): "the first token takes \(Figure.short(factor)) times as long as at the first level"
        case .noGain: "more users get no more tokens a second in all"
        }
    }
}

extension Report {
    /// The first level of a sweep that is too much, counted from 0; nil of a single run too.
    public var saturation: (level: Int, reason: Saturation)? {
        guard runs.count > 1 else { return nil }
        for (level, run) in runs.enumerated() {
            if let reason = Saturation(of: run, after: runs[..<level], maxErrorRate: maxErrorRate) {
                return (level, reason)
            }
        }
        return nil
    }
}

extension Report.Run {
    /// Of the requests that the plan wanted begun; nil where it wanted none.
    var begunShare: Double? {
        let planned = record.targets.reduce(0) { $0 &+ $1.planned }
        return planned > 0 ? Double(record.targets.reduce(0) { $0 &+ $1.begun }) / Double(planned) : nil
    }

    /// Requests a second that were begun: of an open loop its rate, as far as it was kept up with.
    var achievedRate: Double {
        if !isClosedLoop, let level, let begunShare { return level * begunShare }
        return record.targets.reduce(0) { $0 + ($1.seconds > 0 ? Double($1.begun) / $1.seconds : 0) }
    }

    var contentsPerSecond: Double { record.targets.reduce(0) { $0 + $1.contentsPerSecond } }

    /// How many times as long the first token takes, of the target that suffers most.
    fileprivate func slowness(against first: Report.Run) -> Double? {
        zip(record.targets, first.record.targets).compactMap { ours, theirs in
            for statistic in [Statistic.percentile(0.99), .mean] {
                if let now = statistic.value(of: ours[.firstToken]),
                    let before = statistic.value(of: theirs[.firstToken])
                {
                    return before > 0 ? now / before : nil
                }
            }
            return nil
        }.max()
    }

    /// What came of the growth of the load, 1 being all of it.
    fileprivate func gain(over last: Report.Run) -> Double? {
        guard let level, let before = last.level, before > 0, level > before, last.contentsPerSecond > 0 else {
            return nil
        }
        return (contentsPerSecond / last.contentsPerSecond - 1) / (level / before - 1)
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// How far off the figures of one of this client's engines are, on this machine, load by load.
public struct CalibrationResult: Equatable, Sendable {
    /// What a load showed: measured − known, below 0 where it came early.
    public struct Finding: Equatable, Sendable {
        public var level: CalibrationLevel
        public var firstTokenMean: Nanoseconds
        public var firstTokenP99: Nanoseconds
        public var gapP50: Nanoseconds
        public var gapP99: Nanoseconds
        public var failures: Int
        public var verdict: Verdict

        /// The figures hold: the verdict is `trusted`, and the errors within the bounds.
        public var isGood: Bool {
            verdict.level == .trusted && failures == 0 && abs(firstTokenMean) <= CalibrationResult.mostFirstToken
                && abs(gapP50) <= CalibrationResult.mostGap
        }
    }

    /// Of the mean.
    static let mostFirstToken = 2 * Nanoseconds.millisecond
    /// Of the median.
    static let mostGap = 200 * Nanoseconds(1000)

    public private(set) var findings: [Finding] = []

    /// Whose figures they are.
    public let engine: LoadPlan.Engine

    public init(_ engine: LoadPlan.Engine) { self.engine = engine }

    /// Adds what a run of a level has measured. Rising loads have to come in their order.
    public mutating func add(_ level: CalibrationLevel, _ run: RunRecord, cores: Int) {
        let target = run.targets.first ?? TargetRecord()
        let firstToken = target[.firstToken]
        let gap = target[.gap]
        func off(_ value: Nanoseconds?, _ known: Nanoseconds) -> Nanoseconds { (value ?? 0) - known }
        findings.append(
            Finding(
                level: level,
                firstTokenMean: off(firstToken.mean.map { Nanoseconds($0) }, CalibrationLevel.firstToken),
                firstTokenP99: off(firstToken.percentile(0.99), CalibrationLevel.firstToken),
                gapP50: off(gap.percentile(0.5), level.gap),
                gapP99: off(gap.percentile(0.99), level.gap),
                failures: target.ends.reduce(0) { $0 + ($1.key.isFailure ? $1.value : 0) },
                verdict: Verdict(run, burst: level.plan(port: 0, engine: engine).arrivals.burst, cores: cores)
            )
        )
    }

    /// Two loads in a row were too much: a heavier one will not do better.
    public var isOver: Bool {
        findings.count >= 2 && findings.suffix(2).allSatisfy { !$0.isGood }
    }

    /// The largest load whose figures hold.
    public var best: Finding? { findings.last(where: \.isGood) }

    /// What the engine's figures are of: those of TLS hold for HTTP/2 roughly, where streams share connections.
    private var name: String {
        switch engine {
        case .epoll: "epoll (HTTP/1.1)"
        case .nio: "nio (TLS, HTTP/1.1)"
        }
    }

    /// `epoll (HTTP/1.1) is good for 2500 streams × 20 events a second: TTFT within 1.2 ms, gaps within 0.4 ms, both at p99`.
    public var summary: String {
        guard let best else {
            guard let first = findings.first else { return "\(name) is not calibrated" }
            return "\(name) is not good for \(Self.words(first.level)): \(Self.why(first))"
        }
        return
            "\(name) is good for \(Self.words(best.level)): TTFT within \(Self.milliseconds(best.firstTokenP99)) ms, gaps within "
            + "\(Self.milliseconds(best.gapP99)) ms, both at p99"
    }

    /// A line for each load, for a table.
    public var lines: [String] {
        findings.map { finding in
            "\(name), \(Self.words(finding.level)): TTFT off by \(Self.milliseconds(finding.firstTokenMean)) ms (mean), "
                + "\(Self.milliseconds(finding.firstTokenP99)) ms (p99); gaps by \(Self.milliseconds(finding.gapP50)) ms "
                + "(p50), \(Self.milliseconds(finding.gapP99)) ms (p99); "
                + (finding.isGood ? "good" : Self.why(finding))
        }
    }

    private static func words(_ level: CalibrationLevel) -> String {
        "\(level.streams) streams × \(PlanText.number(level.rate)) events a second"
    }

    private static func why(_ finding: Finding) -> String {
        if finding.failures > 0 { return "\(finding.failures) streams failed" }
        if finding.verdict.level != .trusted { return finding.verdict.headline }
        return
            "off by more than \(milliseconds(mostFirstToken)) ms (mean TTFT) or \(milliseconds(mostGap)) ms (median gap) "
            + "though the client kept up: the calibration's server did not"
    }

    private static func milliseconds(_ time: Nanoseconds) -> String { PlanText.milliseconds(abs(time)) }
}

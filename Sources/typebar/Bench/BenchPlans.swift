// SPDX-License-Identifier: Apache-2.0

internal import Gateway
internal import LoadTest

/// The plans that the options make: one, or of a sweep one for each level.
struct BenchPlans {
    struct Level {
        var plan: LoadPlan
        /// Streams at once, or requests a second; nil where it is no one number.
        var value: Double?
    }

    private static let mostStreams = 1_000_000
    private static let mostProcesses = 256
    private static let defaultConcurrency = 10
    private static let defaultDuration: Int64 = 10_000_000_000
    /// Of a closed loop's ramp: how far two users' first requests lie apart. Hundreds in one moment would wait for each other
    /// in this client, and measure that.
    private static let defaultSpacing: Int64 = 1_000_000

    private(set) var levels: [Level] = []

    private let load: BenchLoadOptions
    private let extent: RunExtent
    /// Nil where none was told.
    private let ramp: Int64?
    /// All of a plan but its arrivals.
    private var base: LoadPlan

    init(
        request: BenchRequestOptions,
        connection: BenchConnectionOptions,
        load: BenchLoadOptions,
        judge: BenchJudgeOptions
    ) throws(PlanProblem) {
        self.load = load
        var targets = [try BenchTarget.make(request)]
        if let other = load.compare {
            targets.append(try PlanProblem.of("--compare", try BenchTarget.make(request, url: other)))
        }
        if let cadence = judge.cadence {
            let promised = try PlanProblem.of("--cadence", try PromisedCadence(cadence))
            for index in targets.indices { targets[index].cadence = promised }
        }
        ramp = try Self.time(load.ramp, "--ramp")
        try Self.checkUse(of: load)
        extent = try Self.extent(load)
        base = LoadPlan(targets: targets, arrivals: .closed(concurrency: 1, ramp: 0))
        try connection.apply(to: &base)
        try setRest(judge)
        try addLevels()
    }

    private mutating func setRest(_ judge: BenchJudgeOptions) throws(PlanProblem) {
        base.requests = extent.requests
        base.duration = extent.duration
        base.warmUp = extent.warmUp
        base.idleTimeOut = try Self.time(load.timeout, "--timeout", isAboveZero: true)
        base.drain = try Self.time(load.drain, "--drain")
        base.seed = load.seed
        base.userAgent = "typebar-bench/\(Version.text)"
        base.keepsConnections = !load.noKeepAlive
        base.stall = try Self.time(judge.stall, "--stall")
        guard judge.readerRate > 0, judge.readerRate.isFinite else {
            throw PlanProblem("--reader-rate is no number above 0", example: "--reader-rate 20")
        }
        base.readerRate = judge.readerRate
        if !judge.goodput.isEmpty {
            let text = judge.goodput.joined(separator: " ")
            base.objectives = try PlanProblem.of("--goodput", try Objectives(text))
        }
    }

    private static func time(
        _ text: String,
        _ option: String,
        isAboveZero: Bool = false
    ) throws(PlanProblem) -> Int64 {
        let time = try PlanProblem.of(option, try DurationText.nanoseconds(text))
        if isAboveZero, time == 0 { throw PlanProblem("\(option) is above 0", example: "\(option) 30s") }
        return time
    }

    private static func time(
        _ text: String?,
        _ option: String,
        isAboveZero: Bool = false
    ) throws(PlanProblem) -> Int64? {
        guard let text else { return nil }
        return try Self.time(text, option, isAboveZero: isAboveZero) as Int64
    }

    /// What would say nothing is refused: its user would believe in another load than the one that is played.
    private static func checkUse(of load: BenchLoadOptions) throws(PlanProblem) {
        let isOfRate = load.requestRate != nil || load.sweep?.hasPrefix("rate:") ?? false
        let isPlanned = isOfRate || load.stages != nil || load.trace != nil
        if load.maxConcurrency != nil, !isPlanned {
            throw PlanProblem(
                "--max-concurrency bounds a planned load",
                example: "--concurrency, or --request-rate too"
            )
        }
        if load.burstiness != nil, !isOfRate, load.stages == nil {
            throw PlanProblem("--burstiness is of a rate", example: "--request-rate 20 --burstiness 0.5")
        }
        if load.ramp != nil, load.stages != nil || load.trace != nil {
            throw PlanProblem(
                "--ramp is of a rate or of users: stages and traces have their own",
                example: "--stages 0-50:10s"
            )
        }
        if load.concurrency != nil, load.sweep != nil, !isOfRate {
            throw PlanProblem("--sweep tells the concurrency: leave --concurrency out")
        }
    }

    private static func extent(_ load: BenchLoadOptions) throws(PlanProblem) -> RunExtent {
        let counts = [
            ("--requests", load.requests, RunExtent.mostRequests), ("--concurrency", load.concurrency, mostStreams),
            ("--max-concurrency", load.maxConcurrency, mostStreams), ("--processes", load.processes, mostProcesses),
        ]
        for case (let option, .some(let count), let most) in counts where !(1...most).contains(count) {
            throw PlanProblem("\(option) \(count) is no number from 1 to \(most)", example: "\(option) 2")
        }
        var extent = RunExtent(requests: load.requests)
        extent.duration = try Self.time(load.duration, "--duration", isAboveZero: true)
        if let warmUp = load.warmup { extent.warmUp = try PlanProblem.of("--warmup", try LoadPlan.WarmUp(warmUp)) }
        let hasOwnEnd = load.stages != nil || load.trace != nil
        if extent.requests == nil, extent.duration == nil, !hasOwnEnd { extent.duration = defaultDuration }
        return extent
    }

    private mutating func addLevels() throws(PlanProblem) {
        let ways = [load.requestRate, load.stages, load.trace, load.sweep].compactMap { $0 }
        guard ways.count <= 1 else {
            throw PlanProblem(
                "--request-rate, --stages, --trace and --sweep exclude each other",
                example: "--request-rate 50"
            )
        }
        if let sweep = load.sweep { return try addSweep(sweep) }
        if let rate = load.requestRate {
            let rate = try PlanProblem.of("--request-rate", try RequestRate(rate))
            if case .perSecond(let value) = rate {
                try add(.open(try schedule(rate)), value: value)
            } else {
                try add(.open(try schedule(rate)))
            }
        } else if let stages = load.stages {
            let profile = try PlanProblem.of("--stages", try RateProfile(stages: stages))
            try add(.open(try ArrivalSchedule.drawn(try pattern, along: profile, for: extent, seed: load.seed)))
        } else if let trace = load.trace {
            let bytes = try PlanProblem.of("--trace", try BenchTarget.bytes(of: trace))
            try add(.open(try PlanProblem.of("--trace", try ArrivalSchedule.trace(bytes, file: trace))))
        } else {
            let concurrency = load.concurrency ?? Self.defaultConcurrency
            try add(closed(concurrency), value: Double(concurrency))
        }
    }

    /// `10..1000` is of streams, `rate:10..500` of requests a second.
    private mutating func addSweep(_ text: String) throws(PlanProblem) {
        let isOfRate = text.hasPrefix("rate:")
        let levels = isOfRate ? String(text.dropFirst("rate:".count)) : text
        let values = try PlanProblem.of("--sweep", try SweepLevels(levels)).values
        for value in values {
            if isOfRate {
                try add(.open(try schedule(.perSecond(value))), value: value)
            } else {
                try add(closed(max(1, Int(value.rounded()))), value: value)
            }
        }
    }

    private mutating func add(_ arrivals: Arrivals, value: Double? = nil) throws(PlanProblem) {
        var plan = base
        plan.arrivals = arrivals
        if case .open = arrivals { plan.maxConcurrency = load.maxConcurrency ?? load.concurrency }
        levels.append(Level(plan: plan, value: value))
    }

    private func closed(_ concurrency: Int) -> Arrivals {
        .closed(concurrency: concurrency, ramp: ramp ?? Int64(concurrency) * Self.defaultSpacing)
    }

    private func schedule(_ rate: RequestRate) throws(PlanProblem) -> ArrivalSchedule {
        switch rate {
        case .unlimited: return try ArrivalSchedule.atOnce(extent)
        case .perSecond(let rate):
            let profile = RateProfile.constant(rate, ramp: ramp ?? 0)
            return try ArrivalSchedule.drawn(try pattern, along: profile, for: extent, seed: load.seed)
        }
    }

    private var pattern: ArrivalPattern {
        get throws(PlanProblem) {
            guard let burstiness = load.burstiness else { return .poisson }
            return try PlanProblem.of("--burstiness", try ArrivalPattern(burstiness: burstiness))
        }
    }
}

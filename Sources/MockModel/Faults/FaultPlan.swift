// SPDX-License-Identifier: Apache-2.0

internal import Typewriter
public import WireFormats

/// All that goes wrong with one answer.
///
/// The text of a plan is a list, with commas, of `KIND[:ARGUMENT][@PLACE][~PROBABILITY]`: `reset@40`,
/// `stall:2000@10,split:utf8`, `status:503~0.1`. Places are `40` or `40u` (units), `512b` (bytes of the body), and
/// `1500ms` or `2s` (time since the request).
///
/// What is asked of a plan before the stream begins goes for faults that have been drawn:
/// `FaultPlan(plan.drawn(seed: seed))`. Of several faults of a kind that can be but once, the first counts.
public struct FaultPlan: Equatable, Sendable {
    /// The most bytes of padding that the giant frames of one plan have together.
    public static let mostPadding = 64 << 20
    /// More faults than these are refused.
    public static let mostFaults = 32

    public var faults: [Fault]

    public init(_ faults: [Fault] = []) {
        self.faults = faults
    }

    /// Reads the text of a plan; an empty one is a plan without faults.
    public init(_ text: String) throws(RequestProblem) {
        faults = []
        guard !text.isEmpty else { return }
        let items = text.unicodeScalars.split(
            separator: ",",
            maxSplits: Self.mostFaults,
            omittingEmptySubsequences: false
        )
        guard items.count <= Self.mostFaults else {
            throw ParameterSet.invalid("fault", text, "a list of at most \(Self.mostFaults) faults")
        }
        for item in items { faults.append(try FaultParser(Substring(item)).parse()) }
        guard faults.reduce(0, { $0 + $1.padding }) <= Self.mostPadding else {
            let expected = "a list whose giant frames have at most \(Self.mostPadding) bytes together"
            throw ParameterSet.invalid("fault", text, expected)
        }
    }

    /// The plan in its shortest form; the same faults are read from it.
    public var text: String {
        faults.map(\.text).joined(separator: ",")
    }

    /// The faults that happen to the request with this seed, in their order. The same seed gives the same ones.
    public func drawn(seed: UInt64) -> [Fault] {
        // Not the sequence from which the request's gaps are drawn.
        var generator = SeededGenerator(seed: seed ^ 0x6661_756C_7473_2121)
        return faults.filter { fault in
            let draw = Double(generator.next() >> 11) / 9_007_199_254_740_992
            return draw < fault.probability
        }
    }

    // MARK: Before the stream

    /// The HTTP error that comes instead of an answer.
    public var status: (code: Int, retryAfterSeconds: Double?)? {
        first { if case .status(let code, let seconds) = $0 { (code, seconds) } else { nil } }
    }

    /// How many requests a minute are let in (``RequestRate``).
    public var rateLimit: Int? {
        first { if case .rateLimit(let limit) = $0 { limit } else { nil } }
    }

    /// What `Content-Type` claims.
    public var contentType: String? {
        first { if case .contentType(let type) = $0 { type } else { nil } }
    }

    /// By how many bytes `Content-Length` is too large; a stream then has one too.
    public var contentLengthExcess: Int? {
        first { if case .contentLength(let excess) = $0 { excess } else { nil } }
    }

    /// Whether the arguments of tool calls lack their end (``AnswerScript/breakingToolArguments()``).
    public var brokenToolArguments: Bool {
        faults.contains { $0.kind == .brokenToolArguments }
    }

    /// Whether the body has to pass through a ``FaultInjector``.
    public var altersBody: Bool {
        faults.contains { $0.kind.role != .prelude }
    }

    /// Whether anything goes wrong with an answer that is given: its head, or its body.
    public var altersAnswer: Bool {
        altersBody || contentType != nil || contentLengthExcess != nil || brokenToolArguments
    }

    private func first<Value>(_ value: (Fault.Kind) -> Value?) -> Value? {
        for fault in faults {
            if let value = value(fault.kind) { return value }
        }
        return nil
    }
}

extension Fault {
    fileprivate var padding: Int {
        if case .giant(let bytes) = kind { bytes } else { 0 }
    }
}

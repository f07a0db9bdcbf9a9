// SPDX-License-Identifier: Apache-2.0

import Typewriter

/// A typewriter, its text and its clock: says what is typed when a script of inputs is played.
struct VirtualStream {
    /// What happens to the text.
    enum Input: Sendable {
        case text(String)
        /// Text that passes at once, as the arguments of a tool do.
        case atOnce(String)
        case end
    }

    /// How often the typewriter is asked, besides before each input, as it wants.
    enum Polling {
        /// At each time that it named.
        case whenDue
        /// Once, long after the last input.
        case never
        /// At any times at all.
        case random(SeededGenerator)
    }

    private(set) var typewriter: Typewriter
    private(set) var typed: [TypedUnit] = []
    private var text: [UInt8] = []
    private var isComplete = false
    private var deltaEnds: [Int] = []
    /// How much of the text was dropped.
    private var base = 0
    private var now: Nanoseconds

    init(_ pace: Pace, seed: UInt64 = 1, start milliseconds: Double = 0) {
        now = Nanoseconds(milliseconds * 1e6)
        typewriter = Typewriter(pace: pace, seed: seed, start: now)
    }

    /// Types what is due, and gives the first other step.
    @discardableResult
    mutating func poll(at milliseconds: Double) -> Typewriter.Step {
        poll(now: Nanoseconds(milliseconds * 1e6))
    }

    mutating func add(_ delta: String, at milliseconds: Double) {
        apply(.text(delta), now: Nanoseconds(milliseconds * 1e6))
    }

    mutating func end(at milliseconds: Double) {
        apply(.end, now: Nanoseconds(milliseconds * 1e6))
    }

    /// Ends the text where it is typed.
    mutating func cut(at milliseconds: Double) {
        poll(at: milliseconds)
        text.removeLast(base + text.count - typewriter.position)
        isComplete = true
        typewriter.textCut(at: now)
    }

    /// Drops the text that was typed, but for the last unit.
    mutating func dropTypedText() {
        let keptFrom = typewriter.position - (typed.last?.text.utf8.count ?? 0)
        text.removeFirst(keptFrom - base)
        base = keptFrom
    }

    /// Plays inputs in their order, then, where they are the whole stream, lets all be typed.
    mutating func play(
        _ inputs: [(at: Nanoseconds, input: Input)],
        polling: Polling = .whenDue,
        isWhole: Bool = true
    ) {
        var polling = polling
        for (time, input) in inputs {
            run(until: time, &polling)
            apply(input, now: time)
        }
        guard isWhole else { return }
        run(until: 1 << 60, &polling)
        poll(now: 1 << 60)
    }

    private mutating func apply(_ input: Input, now: Nanoseconds) {
        poll(now: now)
        switch input {
        case .text(let delta): append(delta, atOnce: false)
        case .atOnce(let delta): append(delta, atOnce: true)
        case .end:
            isComplete = true
            typewriter.textEnded(at: now)
        }
    }

    private mutating func append(_ delta: String, atOnce: Bool) {
        text += Array(delta.utf8)
        deltaEnds.append(base + text.count)
        typewriter.textArrived(at: now, count: delta.utf8.count, atOnce: atOnce)
    }

    @discardableResult
    private mutating func poll(now: Nanoseconds) -> Typewriter.Step {
        self.now = now
        let bytes = text  // An access of its own, beside the typewriter's.
        while true {
            let start = typewriter.position
            let step = typewriter.step(
                in: bytes.span,
                base: base,
                isComplete: isComplete,
                deltaEnds: deltaEnds,
                now: now
            )
            guard case .type(let end, let due) = step else { return step }
            let unit = String(decoding: bytes[(start - base)..<(end - base)], as: UTF8.self)
            typed.append(TypedUnit(text: unit, due: due))
        }
    }

    private mutating func run(until end: Nanoseconds, _ polling: inout Polling) {
        switch polling {
        case .never: return
        case .whenDue:
            while case .wait(let next) = poll(now: now), next < end { now = next }
        case .random(var dice):
            let pauses: [ClosedRange<Nanoseconds>] = [0...999, 0...5_000_000, 0...80_000_000, 0...900_000_000]
            while true {
                let next = now + (pauses.randomElement(using: &dice).map { .random(in: $0, using: &dice) } ?? 0)
                guard next < end, case .wait = poll(now: next) else { break }
            }
            polling = .random(dice)
        }
    }
}

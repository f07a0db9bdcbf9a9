// SPDX-License-Identifier: Apache-2.0

import Typewriter

@testable import LoadTest

/// One stream of a test: when what happens, in milliseconds from its planned time.
struct StreamScript {
    var number = 0
    /// From the run's start.
    var planned = 0.0
    var sent = 1.0
    var connect: Double? = nil
    var firstByte = 2.0
    var events: [(at: Double, kind: EventKind)] = []
    var end = StreamEnd.complete
    var status = 200
    var ended = 0.0
    var tokens: Int32 = 0
    var isWarmUp = false

    /// Texts at these times, and an end that has no text with the last.
    init(number: Int = 0, planned: Double = 0, texts: [Double]) {
        self.number = number
        self.planned = planned
        events = texts.map { ($0, .text) }
        ended = texts.last ?? 3
        events.append((ended, .end))
    }

    /// `count` texts at a steady gap, the first at `first`; `pauses` tells by how much the gap before an event is longer.
    init(number: Int = 0, planned: Double = 0, first: Double, gap: Double, count: Int, pauses: [Int: Double] = [:]) {
        var time = first
        let texts = (0..<count).map { index in
            if index > 0 { time += gap }
            time += pauses[index] ?? 0
            return time
        }
        self.init(number: number, planned: planned, texts: texts)
    }
}

extension TargetRecorder {
    static let testOrigin: Nanoseconds = 5000 * .second

    convenience init(_ plan: LoadPlan = .test, places: Int = 4) {
        self.init(plan: plan, target: 0, places: places, origin: Self.testOrigin)
    }

    /// Plays a stream as the engine would.
    func play(_ script: StreamScript, place: Int = 0) {
        func clock(_ milliseconds: Double) -> Nanoseconds {
            Self.testOrigin + Nanoseconds(((script.planned + milliseconds) * 1e6).rounded())
        }
        let planned = clock(0) - Self.testOrigin
        var state = StreamState()
        state.order = StartOrder(number: script.number, target: 0, planned: planned, isWarmUp: script.isWarmUp)
        state.planned = clock(0)
        began(&state, place: place)
        if let connect = script.connect {
            state.connectBegan = clock(0)
            state.connected = clock(connect)
        }
        state.sent = clock(script.sent)
        sent(&state, place: place)
        state.firstByte = clock(script.firstByte)
        for event in script.events {
            self.event(event.kind, &state, place: place, at: clock(event.at))
            read(bytes: 100, contents: event.kind.isContent ? 1 : 0, place: place)
        }
        state.tokens = script.tokens
        ended(&state, place: place, as: script.end, status: script.status, at: clock(script.ended))
    }
}

extension LoadPlan {
    static var test: LoadPlan {
        let target = Target(url: "http://127.0.0.1/", host: "127.0.0.1", port: 80, path: "/")
        return LoadPlan(targets: [target], arrivals: .closed(concurrency: 1, ramp: 0))
    }
}

extension Distribution {
    /// The only value, where there is just one; -1 otherwise. In milliseconds.
    var single: Double { count == 1 ? Double(sum) / 1e6 : -1 }
}

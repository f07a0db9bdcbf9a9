// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Counts what happens to the streams of one target. Confined to the engine's thread; what it holds does not grow with
/// the length of the run.
final class TargetRecorder {
    private(set) var record = TargetRecord()
    private var gaps: GapSketches
    /// Of the stream at each place: it does not count.
    private var isWarmUp: [Bool]
    private var running = 0
    /// The first planned time that counts.
    private var measuredFrom: Nanoseconds?
    /// When the timeline's last window is over, on the clock.
    private var windowEnd: Nanoseconds

    private let origin: Nanoseconds
    private let stall: Nanoseconds
    private let objectives: Objectives?
    /// Between two events that the reader of constant speed reads.
    private let readerGap: Nanoseconds
    private let gapIndex = Metric.gap.index
    private let latenessIndex = Metric.lateness.index

    /// - Parameters:
    ///   - places: How many streams can run at once; a stream's `place` is below it, and may grow: ``reserve(_:)``.
    ///   - origin: The run's start, on the monotonic clock.
    init(plan: LoadPlan, target: Int, places: Int, origin: Nanoseconds) {
        gaps = GapSketches(places: places)
        isWarmUp = Array(repeating: false, count: places)
        self.origin = origin
        record.timeline.reach(0, streams: 0)
        windowEnd = origin + record.timeline.end
        stall = plan.stall
        objectives = plan.objectives
        readerGap = plan.readerRate > 1e-3 ? Nanoseconds(Double(Nanoseconds.second) / plan.readerRate) : 1000 * .second
        cadence = plan.targets.indices.contains(target) ? plan.targets[target].cadence : nil
        record.format = plan.targets.indices.contains(target) ? plan.targets[target].format : nil
    }

    /// The schedule that the server promised, as learnt from its own words.
    var cadence: PromisedCadence?

    func reserve(_ places: Int) {
        gaps.reserve(places)
        let missing = places - isWarmUp.count
        if missing > 0 { isWarmUp.append(contentsOf: repeatElement(false, count: missing)) }
    }

    /// A request is to begin: `state` is fresh but for its order and `planned`.
    func began(_ state: inout StreamState, place: Int) {
        if state.planned >= windowEnd { openWindow(at: state.planned) }
        running += 1
        record.timeline.last.begun += 1
        record.timeline.last.streams = max(record.timeline.last.streams, running)
        isWarmUp[place] = state.order.isWarmUp
        guard !state.order.isWarmUp else { return }
        record.begun += 1
        record.peakStreams = max(record.peakStreams, running)
        measuredFrom = min(measuredFrom ?? state.planned, state.planned)
    }

    /// Its last byte is written; the state's times tell when.
    func sent(_ state: inout StreamState, place: Int) {
        guard !state.order.isWarmUp else { return }
        if state.connectBegan > 0 { record.connections += 1 } else { record.reusedConnections += 1 }
    }

    /// The hot path: an event has arrived. Sets firstEvent, firstContent, firstVisible and what follows of the state.
    @inline(__always)
    func event(_ kind: EventKind, _ state: inout StreamState, place: Int, at time: Nanoseconds) {
        if time >= windowEnd { openWindow(at: time) }
        if state.firstEvent == 0 { state.firstEvent = time }
        let counts = !state.order.isWarmUp
        if counts { record.events &+= 1 }
        guard kind.isContent else { return }
        if counts { record.contents &+= 1 }
        record.timeline.last.contents &+= 1
        if state.firstVisible == 0 { see(kind, &state, at: time) }
        if state.contents == 0 {
            beginContent(&state, at: time)
        } else {
            continueContent(&state, place: place, at: time)
        }
        if counts, let cadence { noteLateness(cadence, state, at: time) }
        // A stream may have more events than can be counted: the last number stands for all beyond.
        state.contents = max(state.contents, state.contents &+ 1)
    }

    /// One read brought `contents` events with content of one stream (0 too).
    @inline(__always)
    func read(bytes: Int, contents: Int, place: Int) {
        guard !isWarmUp[place] else { return }
        record.bytes &+= bytes
        guard contents > 0 else { return }
        record.reads &+= 1
        if contents > 1 { record.sharedReads &+= 1 }
    }

    /// - Parameter status: Where it ended as `.status`.
    func ended(_ state: inout StreamState, place: Int, as end: StreamEnd, status: Int, at time: Nanoseconds) {
        if time >= windowEnd { openWindow(at: time) }
        running -= 1
        if end == .complete { record.timeline.last.completed += 1 }
        if end.isFailure { record.timeline.last.failed += 1 }
        guard !state.order.isWarmUp else { return }
        record.count(state, as: end, status: status)
        if !end.isFailure { record.measure(state, isWhole: end == .complete, endedAt: time) }
        if end == .complete, let objectives, objectives.areMet(by: state, endedAt: time) { record.metObjectives += 1 }
        guard record.shows(state) else { return }
        let gaps = gaps.gaps(count: Int(state.contents) - 1, place: place)
        record.show(StreamSketch(state, end: end, gaps: gaps))
    }

    /// The run is over: windows are closed.
    func finish(at time: Nanoseconds) {
        if time > windowEnd { openWindow(at: time - 1) }
        record.seconds = measuredFrom.map { Double(max(0, time - $0)) / Double(Nanoseconds.second) } ?? 0
    }

    // MARK: Parts of an event

    @inline(never)
    private func openWindow(at time: Nanoseconds) {
        record.timeline.reach(max(0, time - origin), streams: running)
        windowEnd = origin + record.timeline.end
    }

    /// Until text has been shown.
    private func see(_ kind: EventKind, _ state: inout StreamState, at time: Nanoseconds) {
        if kind == .text { state.firstVisible = time }
        if kind == .reasoning { state.hasReasoning = true }
    }

    @inline(never)
    private func beginContent(_ state: inout StreamState, at time: Nanoseconds) {
        state.firstContent = time
        state.lastContent = time
        state.readerDue = time &+ readerGap
        record.timeline.last.addFirstToken(max(0, time - state.planned))
    }

    @inline(__always)
    private func continueContent(_ state: inout StreamState, place: Int, at time: Nanoseconds) {
        // Kernel stamps are of the wall clock, and may go back a little when that is set.
        let time = max(time, state.lastContent)
        let gap = time &- state.lastContent
        state.lastContent = time
        if state.contents == 1 {
            state.secondContent = time
        } else {
            state.gapChanges &+= abs(gap &- state.previousGap)
        }
        state.previousGap = gap
        state.longestGap = max(state.longestGap, gap)
        state.read(at: time, every: readerGap)
        gaps.add(gap, number: Int(state.contents) &- 1, place: place)
        if gap > record.timeline.last.longestGap { record.timeline.last.longestGap = gap }
        if !state.order.isWarmUp { record.metrics[gapIndex].record(gap) }
        if gap > stall { noteStall(gap, &state) }
    }

    @inline(never)
    private func noteStall(_ gap: Nanoseconds, _ state: inout StreamState) {
        state.stalls &+= 1
        state.stalled &+= gap
        if !state.order.isWarmUp { record.record(.stall, gap) }
    }

    @inline(__always)
    private func noteLateness(_ cadence: PromisedCadence, _ state: StreamState, at time: Nanoseconds) {
        let start: Nanoseconds
        if let firstToken = cadence.firstToken {
            guard state.sent > 0 else { return }
            start = state.sent &+ firstToken
        } else {
            // The first content is what the rest is measured by.
            guard state.contents > 0 else { return }
            start = state.firstContent
        }
        record.metrics[latenessIndex].record(time &- start &- Nanoseconds(state.contents) &* cadence.gap)
    }
}

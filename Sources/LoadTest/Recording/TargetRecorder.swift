// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Counts what happens to the streams of one target. Confined to the engine's thread; what it holds does not grow with
/// the length of the run.
final class TargetRecorder {
    private(set) var record: TargetRecord

    /// - Parameters:
    ///   - places: How many streams can run at once; a stream's `place` is below it, and may grow: ``reserve(_:)``.
    ///   - origin: The run's start, on the monotonic clock.
    init(plan: LoadPlan, target: Int, places: Int, origin: Nanoseconds) { record = TargetRecord() }

    /// The schedule that the server promised, as learnt from its own words.
    var cadence: PromisedCadence?

    func reserve(_ places: Int) {}

    /// A request is to begin: `state` is fresh but for its order and `planned`.
    func began(_ state: inout StreamState, place: Int) {}

    /// Its last byte is written; the state's times tell when.
    func sent(_ state: inout StreamState, place: Int) {}

    /// The hot path: an event has arrived. Sets firstEvent, firstContent, firstVisible and what follows of the state.
    @inline(__always)
    func event(_ kind: EventKind, _ state: inout StreamState, place: Int, at time: Nanoseconds) {}

    /// One read brought `contents` events with content of one stream (0 too); `delay` is from the kernel's stamp to us.
    @inline(__always)
    func read(bytes: Int, contents: Int, delay: Nanoseconds, place: Int) {}

    /// - Parameter status: Where it ended as `.status`.
    func ended(_ state: inout StreamState, place: Int, as end: StreamEnd, status: Int, at time: Nanoseconds) {}

    /// The run is over: windows are closed.
    func finish(at time: Nanoseconds) {}
}

// SPDX-License-Identifier: Apache-2.0

internal import MockModel
internal import Typewriter
internal import WireFormats

/// The way of a stream's frames to a reader where something goes wrong on purpose: says what to do with the connection,
/// and does nothing itself.
struct FaultyLine {
    private var injector: FaultInjector
    /// When the line wants to be asked again; `.max` for never.
    private(set) var wakeTime = Nanoseconds.max

    init(_ faults: [Fault], start: Nanoseconds) {
        injector = FaultInjector(faults: faults, start: start, isEventStream: true)
    }

    /// A fault ended the body as if it were whole.
    var isCutShort: Bool { injector.isCutShort }

    /// Bytes that have not left: where they grow many, it is time to add no more.
    var backlog: Int { injector.backlog }

    /// Adds a frame, written by `body`.
    mutating func append(_ kind: FrameBuffer.Kind, _ body: (inout [UInt8]) -> Void) {
        var buffer = FrameBuffer(recordsFrames: true)
        body(&buffer.bytes)
        buffer.endFrame(kind)
        guard !buffer.bytes.isEmpty else { return }
        injector.offer(buffer)
    }

    mutating func appendEnd() {
        injector.offerEnd()
    }

    mutating func trigger(_ fault: Fault) {
        injector.trigger(fault)
    }

    /// What to do now; nil where there is nothing before ``wakeTime``.
    mutating func next(now: Nanoseconds) -> FaultInjector.Action? {
        wakeTime = .max
        let action = injector.next(now: now)
        switch action {
        case .wait(let time):
            wakeTime = time
            return nil
        case .idle, .stalled: return nil
        default: return action
        }
    }
}

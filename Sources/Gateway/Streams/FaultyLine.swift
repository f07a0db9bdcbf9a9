// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import MockModel
internal import Typewriter
internal import WireFormats

/// The way of a stream's frames to a reader where something goes wrong on purpose.
struct FaultyLine {
    /// How it stands after a run.
    enum State: Equatable {
        case open
        /// The stream's own frame for a failure is wanted, and then the end.
        case failing
        case ended
        /// A fault has cut it.
        case broken
    }

    private var injector: FaultInjector
    /// When the line wants to be run again; `.max` for never.
    private(set) var wakeTime = Nanoseconds.max

    init(_ faults: [Fault], start: Nanoseconds) {
        injector = FaultInjector(faults: faults, start: start, isEventStream: true)
    }

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

    /// Sends what may be sent at `now`.
    mutating func run(_ outlet: Outlet, now: Nanoseconds) -> State {
        wakeTime = .max
        while outlet.isOpen {
            switch injector.next(now: now) {
            case .write(let bytes): outlet.write { $0.append(contentsOf: bytes) }
            case .wait(let time):
                wakeTime = time
                return .open
            case .idle, .stalled: return .open
            case .fail: return .failing
            case .reset:
                outlet.reset()
                return .broken
            case .close:
                outlet.close()
                return .broken
            case .end:
                outlet.finish { _ in }
                return injector.isCutShort ? .broken : .ended
            }
        }
        return .ended
    }
}

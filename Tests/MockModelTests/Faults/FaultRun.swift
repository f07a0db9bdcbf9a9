// SPDX-License-Identifier: Apache-2.0

import MockModel
import TestSupport
import Typewriter
import WireFormats

/// A body that passed through an injector, on a clock of its own.
struct FaultRun {
    typealias Frame = (text: String, kind: FrameBuffer.Kind)

    /// When each write left.
    var writes: [(time: Nanoseconds, bytes: [UInt8])] = []
    /// What the connection's owner was told last.
    var last = FaultInjector.Action.idle
    /// When that was.
    var end: Nanoseconds = 0
    var hasFailed = false

    var bytes: [UInt8] { writes.flatMap(\.bytes) }
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// - Parameters:
    ///   - faults: Act from the start, at their places.
    ///   - gap: A frame is offered each so often, the first at 0; 0 offers all at once.
    ///   - triggered: What a script triggers before the frame with that index.
    init(
        _ faults: [Fault],
        _ frames: [Frame],
        gap: Nanoseconds = 0,
        isEventStream: Bool = true,
        triggered: [Int: Fault] = [:]
    ) {
        var injector = FaultInjector(faults: faults, start: 0, isEventStream: isEventStream)
        var now: Nanoseconds = 0
        var offered = 0
        func offerDue() {
            while offered < frames.count, Nanoseconds(offered) * gap <= now {
                if let fault = triggered[offered] { injector.trigger(fault) }
                injector.offer(Self.buffer([frames[offered]]))
                offered += 1
            }
            guard offered == frames.count else { return }
            if let fault = triggered[offered] { injector.trigger(fault) }
            injector.offerEnd()
        }
        for _ in 0..<1_000_000 {
            offerDue()
            last = injector.next(now: now)
            end = now
            let nextOffer = offered < frames.count ? Nanoseconds(offered) * gap : .max
            switch last {
            case .write(let bytes): writes.append((now, bytes))
            case .wait(let until): now = min(until, nextOffer)
            case .idle:
                guard nextOffer < .max else { return }
                now = nextOffer
            case .fail:
                hasFailed = true
                injector.offer(Self.buffer([("data: {\"error\":\"it broke\"}\n\n", .failure)]))
                injector.offerEnd()
                offered = frames.count
            case .reset, .close, .end, .stalled: return
            }
        }
    }

    init(_ text: String, _ frames: [Frame], gap: Nanoseconds = 0, isEventStream: Bool = true) throws {
        self.init(try FaultPlan(text).faults, frames, gap: gap, isEventStream: isEventStream)
    }

    static func buffer(_ frames: [Frame]) -> FrameBuffer {
        var buffer = FrameBuffer(recordsFrames: true)
        for frame in frames {
            buffer.bytes += Array(frame.text.utf8)
            buffer.endFrame(frame.kind)
        }
        return buffer
    }

    // MARK: Bodies

    /// A chat of `count` units, with a frame of structure before and three frames after.
    static func chat(_ count: Int) -> [Frame] {
        var frames: [Frame] = [("data: {\"role\":\"assistant\"}\n\n", .structure)]
        for index in 0..<count { frames.append(unit(index)) }
        frames.append(("data: {\"finish_reason\":\"stop\"}\n\n", .finish))
        frames.append(("data: {\"usage\":{\"total\":7}}\n\n", .usage))
        frames.append(("data: [DONE]\n\n", .terminator))
        return frames
    }

    static func unit(_ index: Int) -> Frame { ("data: {\"content\":\"u\(index)é😀\"}\n\n", .unit) }

    static func lines(_ count: Int) -> [Frame] {
        (0..<count).map { ("{\"message\":{\"content\":\"u\($0)é\"},\"done\":false}\n", .unit) }
            + [("{\"done\":true,\"done_reason\":\"stop\"}\n", .finish)]
    }

    static func text(_ frames: [Frame]) -> String { frames.map(\.text).joined() }
    static func text(_ frames: ArraySlice<Frame>) -> String { text(Array(frames)) }

    /// Frames with any content, some of it hard to take for lines or JSON.
    static func random(_ dice: inout Dice) -> [Frame] {
        let kinds: [FrameBuffer.Kind] = [.structure, .unit, .unit, .unit, .finish, .usage, .terminator]
        let parts = [
            "data: {\"content\":\"é😀\"}\n\n", "event: x\r\ndata: {}\r\n\r\n",
            "data:{\"a\":[1,{\"b\":\"\\\"\"}]}\n\n",
            "\n",
            "\r", "data: [DONE]\n\n", ":\n\n", "{\"a\":1}\n", "data", "{", "data: }\n\n", "data: {\"a\":\"\\\\\"}\r\r",
            " ",
        ]
        return (0..<Int.random(in: 0..<12, using: &dice)).map { _ in
            let text = (0..<Int.random(in: 0..<4, using: &dice)).map { _ in parts.randomElement(using: &dice) ?? "" }
            return (text.joined(), kinds.randomElement(using: &dice) ?? .unit)
        }
    }
}

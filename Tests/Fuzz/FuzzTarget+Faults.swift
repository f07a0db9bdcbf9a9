// SPDX-License-Identifier: Apache-2.0

import MockModel
import Typewriter
import WireFormats

extension FuzzTarget {
    private static let mostActions = 10_000

    @Sendable
    static func readFaults(_ bytes: [UInt8]) {
        do throws(RequestProblem) {
            let plan = try FaultPlan(String(decoding: bytes, as: UTF8.self))
            let again = try? FaultPlan(plan.text)
            Promise.check(again == plan, "\(plan.text) is read as \(again?.text ?? "nothing")")
            let drawn = plan.drawn(seed: UInt64(bytes.count))
            if FaultPlan(drawn).altersBody { play(drawn) }
        } catch {
            Answered.check(error, in: PlainStreamProblem.self)
        }
    }

    /// Lets the faults happen to a short answer: it has to come to an end.
    private static func play(_ faults: [Fault]) {
        let padding = faults.reduce(0) { sum, fault in
            if case .giant(let bytes) = fault.kind { sum + bytes } else { sum }
        }
        // Where a byte at a time may leave, much padding takes many actions, as it should.
        guard padding <= 1 << 14 else { return }
        var injector = FaultInjector(faults: faults, start: 0, isEventStream: true)
        injector.offer(answer)
        injector.offerEnd()
        var now: Nanoseconds = 0
        for _ in 0..<mostActions + 8 * padding {
            switch injector.next(now: now) {
            case .write: continue
            case .wait(let time):
                Promise.check(time > now, "it waits until a time that has passed")
                now = time
            case .fail:
                injector.offer(failure)
                injector.offerEnd()
            case .idle, .reset, .close, .end, .stalled: return
            }
        }
        Promise.check(false, "\(FaultPlan(faults).text) does not come to an end")
    }

    private static var answer: FrameBuffer {
        var buffer = FrameBuffer(recordsFrames: true)
        let frames: [(String, FrameBuffer.Kind)] = [
            (#"data: {"a":"é\n"}"#, .structure), (#"data: {"a":"日本"}"#, .unit), (#"data: {"b":[1]}"#, .unit),
            (#"data: {"finish_reason":"stop"}"#, .finish), ("data: [DONE]", .terminator),
        ]
        for (text, kind) in frames {
            buffer.bytes += Array("\(text)\n\n".utf8)
            buffer.endFrame(kind)
        }
        return buffer
    }

    private static var failure: FrameBuffer {
        var buffer = FrameBuffer(recordsFrames: true)
        buffer.bytes += Array("data: {}\n\n".utf8)
        buffer.endFrame(.failure)
        return buffer
    }
}

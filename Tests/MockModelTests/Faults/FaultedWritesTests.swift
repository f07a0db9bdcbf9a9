// SPDX-License-Identifier: Apache-2.0

import MockModel
import TestSupport
import Testing
import Typewriter
import WireFormats

struct FaultedWritesTests {
    /// Offsets in `bytes` where writes end, but for those at ends of frames.
    private static func borders(_ run: FaultRun, _ frames: [FaultRun.Frame]) -> [Int] {
        var ends: Set<Int> = []
        var end = 0
        for frame in frames {
            end += frame.text.utf8.count
            ends.insert(end)
        }
        var borders: [Int] = []
        var border = 0
        for write in run.writes {
            border += write.bytes.count
            if !ends.contains(border) { borders.append(border) }
        }
        return borders
    }

    @Test func `writes end inside each character of more than a byte`() throws {
        let frames = FaultRun.chat(6)
        let run = try FaultRun("split:utf8", frames)
        let bytes = run.bytes
        #expect(run.text == FaultRun.text(frames))
        let borders = Self.borders(run, frames)
        #expect(borders == bytes.indices.filter { bytes[$0] & 0xC0 == 0x80 })
        #expect(!borders.isEmpty)
    }

    @Test func `writes end inside each data field`() throws {
        let frames = FaultRun.chat(12)
        let run = try FaultRun("split:data", frames)
        #expect(run.text == FaultRun.text(frames))
        let borders = Self.borders(run, frames)
        #expect(borders.count == frames.count)
        for border in borders {
            let around = (1...4).map { String(decoding: run.bytes[max(border - $0, 0)...].prefix(5), as: UTF8.self) }
            #expect(around.contains("data:"))
        }
    }

    @Test func `writes end between CR and LF, of which there are some`() throws {
        let frames = FaultRun.chat(3)
        let run = try FaultRun("split:crlf", frames)
        #expect(run.bytes.filter { $0 != 0x0D } == Array(FaultRun.text(frames).utf8))
        #expect(run.writes.count == frames.count * 3)
        #expect(run.writes.count { $0.bytes.last == 0x0D } == frames.count * 2)
    }

    @Test func `each byte has a write of its own`() throws {
        let frames = FaultRun.chat(2)
        let run = try FaultRun("split:bytes", frames)
        #expect(run.text == FaultRun.text(frames))
        #expect(run.writes.allSatisfy { $0.bytes.count == 1 })
    }

    @Test func `lines of JSON are cut in their middle instead of in their data field`() throws {
        let frames = FaultRun.lines(3)
        let run = try FaultRun("split:data", frames, isEventStream: false)
        #expect(run.text == FaultRun.text(frames))
        #expect(run.writes.count == frames.count * 2)
    }

    @Test func `no split loses a byte, nor do several`() {
        var dice = Dice(seed: 9)
        for _ in 0..<500 {
            let frames = FaultRun.random(&dice)
            let splits = Fault.Split.allCases.filter { $0 != .crlf && Bool.random(using: &dice) }
            let run = FaultRun(splits.map { Fault(kind: .split($0)) }, frames)
            #expect(Array(run.bytes) == Array(FaultRun.text(frames).utf8))
        }
    }

    // MARK: Drip

    @Test(arguments: [1, 7, 100, 999, 20_000, 5_000_000])
    func `a drip is never faster than asked, and no slower`(rate: Int) throws {
        let frames = FaultRun.chat(rate < 50 ? 1 : 40)
        let run = try FaultRun("drip:\(rate)", frames)
        #expect(run.text == FaultRun.text(frames))
        var count = 0
        for write in run.writes {
            count += write.bytes.count
            #expect(Double(count) <= Double(write.time) / 1e9 * Double(rate) + 1e-6)
        }
        let ideal = Double(count) / Double(rate) * 1e9
        #expect(Double(run.end) < ideal * 1.01 + 2e6 * Double(frames.count))
    }

    @Test func `a drip saves nothing up while nothing is said`() throws {
        let frames = FaultRun.chat(3)
        let run = try FaultRun("drip:1000", frames, gap: 5 * .second)
        let first = run.writes.first { $0.time >= 10 * .second }
        #expect(first?.bytes.count == 1)
        #expect(first?.time == 10 * .second + .millisecond)
    }

    @Test func `a drip that is asked late makes up for it`() {
        var injector = FaultInjector(
            faults: [Fault(kind: .drip(bytesPerSecond: 10))],
            start: 0,
            isEventStream: true
        )
        injector.offer(FaultRun.buffer([("0123456789abcdef", .unit)]))
        #expect(injector.next(now: 0) == .wait(until: 100 * .millisecond))
        #expect(injector.next(now: 550 * .millisecond) == .write(Array("01234".utf8)))
        #expect(injector.next(now: 550 * .millisecond) == .wait(until: 600 * .millisecond))
        #expect(injector.next(now: 600 * .millisecond) == .write(Array("5".utf8)))
    }

    @Test func `time acts in the middle of a drip, bytes at their very place`() throws {
        let frames = FaultRun.chat(3)
        let reset = try FaultRun("drip:100,reset@105ms", frames)
        #expect(reset.bytes.count == 10)
        #expect(reset.end == 105 * .millisecond)
        #expect(try FaultRun("drip:5000000,close@33b", frames).bytes.count == 33)
        // An error waits for the end of the frame.
        let error = try FaultRun("drip:100,error@105ms", frames)
        #expect(error.text == frames[0].text + "data: {\"error\":\"it broke\"}\n\n")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Gateway
import Glibc
import Logging
import Testing

/// A pipe stands for whoever reads the log.
@Suite(.timeLimit(.minutes(5)))
struct LineWriterTests {
    /// How many lines have come until it is enough, and how many those tell to be missing.
    private func read(_ descriptor: CInt, until isEnough: (_ lines: Int, _ missing: Int) -> Bool) -> (Int, Int) {
        var (lines, missing) = (0, 0)
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while !isEnough(lines, missing) {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            rest += buffer[..<count]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeFirst(end + 1)
                if line.contains("left out") {
                    missing += line.split(separator: "=").last.flatMap { Int($0) } ?? 0
                } else {
                    lines += 1
                }
            }
        }
        return (lines, missing)
    }

    private func withPipe(isBlocking: Bool = true, _ body: (_ reading: CInt, _ writing: CInt) throws -> Void) throws {
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        if !isBlocking { _ = fcntl(ends[1], F_SETFL, CInt(O_NONBLOCK)) }
        try body(ends[0], ends[1])
    }

    @Test(arguments: [true, false])
    func `who logs does not wait for a reader that takes nothing, and no line is lost untold`(isBlocking: Bool) throws {
        try withPipe(isBlocking: isBlocking) { reading, writing in
            let writer = LineWriter(descriptor: writing, limit: 10_000)
            let line = [UInt8](repeating: UInt8(ascii: "x"), count: 99) + [UInt8(ascii: "\n")]
            // Far more than the pipe and the limit hold: with a writer that waits this would never end.
            for _ in 0..<5000 { writer.write(line) }
            let (lines, missing) = read(reading) { $0 + $1 == 5000 }
            #expect(lines + missing == 5000)
            // 100 lines are what may wait, also where the writer has not begun yet.
            #expect(missing > 0 && lines >= 100)
        }
    }

    @Test func `what was logged before the end is written by then`() throws {
        try withPipe { reading, writing in
            let writer = LineWriter(descriptor: writing)
            let logger = Logger(label: "test") { _ in LogfmtHandler(writer, level: .info) }
            for number in 0..<100 { logger.info("Line", metadata: ["number": "\(number)"]) }
            logger.debug("Not asked for")
            writer.flush(within: 10_000)
            _ = fcntl(reading, F_SETFL, CInt(O_NONBLOCK))
            #expect(read(reading) { lines, _ in lines == 101 } == (100, 0))
        }
    }

    @Test func `a reader that has gone stops nothing`() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        let writer = LineWriter(descriptor: ends[1])
        for _ in 0..<10 { writer.write([UInt8(ascii: "\n")]) }
        writer.flush(within: 10_000)
        close(ends[1])
    }
}

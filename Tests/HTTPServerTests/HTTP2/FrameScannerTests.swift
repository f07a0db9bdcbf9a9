// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import HTTPServer

struct FrameScannerTests {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private static func frame(_ type: UInt8, flags: UInt8, length: Int) -> [UInt8] {
        [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags, 0, 0, 0, 1]
            + [UInt8](repeating: 7, count: length)
    }

    @Test(arguments: 0..<30)
    func `frames are found however their bytes come`(seed: UInt64) {
        var dice = Dice(seed: seed)
        let frames = (0..<20).map { _ in
            (type: UInt8.random(in: 0...12, using: &dice), length: Int.random(in: 0...700, using: &dice))
        }
        let bytes = Self.preface + frames.flatMap { Self.frame($0.type, flags: 4, length: $0.length) }
        var scanner = FrameScanner()
        var found: [(type: UInt8, length: Int)] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...100, using: &dice))
            scanner.scan(bytes[start..<end]) { found.append(($0, $1)) }
            start = end
        }
        #expect(found.map(\.type) == frames.map(\.type))
        #expect(found.map(\.length) == frames.map(\.length))
        #expect(!scanner.isInsideFields)
    }

    @Test func `a block of fields is whole with its last frame's last byte`() {
        var scanner = FrameScanner()
        scanner.scan(Self.preface) { _, _ in }
        #expect(!scanner.isInsideFields)
        let head = Self.frame(1, flags: 0, length: 5)
        scanner.scan(head.prefix(11)) { _, _ in }
        #expect(scanner.isInsideFields)
        scanner.scan(head.dropFirst(11)) { _, _ in }
        #expect(scanner.isInsideFields)
        let rest = Self.frame(9, flags: 4, length: 3)
        scanner.scan(rest.dropLast()) { _, _ in }
        #expect(scanner.isInsideFields)
        scanner.scan(rest.suffix(1)) { _, _ in }
        #expect(!scanner.isInsideFields)
    }
}

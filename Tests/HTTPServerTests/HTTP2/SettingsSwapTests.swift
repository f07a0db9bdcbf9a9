// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TestSupport
import Testing

@testable import HTTPServer

struct SettingsSwapTests {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let settings = frame(4, payload: [0, 4, 0, 1, 0, 0])
    private static let acknowledgement = frame(4, flags: 1)

    private static func frame(
        _ type: UInt8,
        flags: UInt8 = 0,
        stream: [UInt8] = [0, 0, 0, 0],
        payload: [UInt8] = []
    ) -> [UInt8] {
        [0, UInt8(payload.count >> 8), UInt8(payload.count & 255), type, flags] + stream + payload
    }

    /// What the library sees, however the bytes come.
    private static func seen(_ bytes: [UInt8], by swap: inout SettingsSwap, dice: inout Dice) -> [UInt8] {
        var (seen, start) = ([UInt8](), 0)
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...40, using: &dice))
            seen += swap.take(ByteBuffer(bytes: bytes[start..<end])).readableBytesView
            start = end
        }
        return seen
    }

    @Test(arguments: 0..<40)
    func `the client's first frame is followed by an acknowledgement, and the client's own is taken out`(seed: UInt64) {
        var dice = Dice(seed: seed)
        let before = (0..<Int.random(in: 0...5, using: &dice)).flatMap { _ in
            let length = Int.random(in: 0...300, using: &dice)
            return Self.frame(.random(in: 0...3, using: &dice), payload: [UInt8](repeating: 4, count: length))
        }
        // Only the first: any further is a mistake, which the library is to see.
        let after = Self.acknowledgement + Self.settings + (0..<50).map { _ in .random(in: 0...255, using: &dice) }
        var swap = SettingsSwap()
        let sent = Self.preface + Self.settings + before + Self.acknowledgement + after
        let seen = Self.seen(sent, by: &swap, dice: &dice)
        #expect(seen == Self.preface + Self.settings + Self.acknowledgement + before + after)
        #expect(swap.isDone)
    }

    @Test func `the acknowledgement is there as soon as the first frame is whole`() {
        var swap = SettingsSwap()
        let sent = Self.preface + Self.settings
        #expect(Array(swap.take(ByteBuffer(bytes: sent.dropLast())).readableBytesView) == sent.dropLast())
        let rest = swap.take(ByteBuffer(bytes: sent.suffix(1)))
        #expect(Array(rest.readableBytesView) == sent.suffix(1) + Self.acknowledgement)
        #expect(!swap.isDone)
    }

    @Test(arguments: [
        frame(4, flags: 1, payload: [1]), frame(4, flags: 1, stream: [0, 0, 0, 1]), frame(4, flags: 2),
        frame(6, flags: 1),
    ])
    func `what is no acknowledgement is handed on`(frame: [UInt8]) {
        var swap = SettingsSwap()
        _ = swap.take(ByteBuffer(bytes: Self.preface + Self.settings))
        #expect(Array(swap.take(ByteBuffer(bytes: frame)).readableBytesView) == frame)
        #expect(!swap.isDone)
    }

    @Test func `bits without a meaning do not matter`() {
        var swap = SettingsSwap()
        _ = swap.take(ByteBuffer(bytes: Self.preface + Self.settings))
        let frame = Self.frame(4, flags: 0xFF, stream: [0x80, 0, 0, 0])
        #expect(swap.take(ByteBuffer(bytes: frame)).readableBytes == 0)
        #expect(swap.isDone)
    }

    @Test func `an acknowledgement before anything else is a mistake that the library sees`() {
        var swap = SettingsSwap()
        let seen = swap.take(ByteBuffer(bytes: Self.preface + Self.acknowledgement))
        #expect(Array(seen.readableBytesView) == Self.preface + Self.acknowledgement + Self.acknowledgement)
    }

    @Test(arguments: 0..<40)
    func `no bytes are lost or made up but for the one acknowledgement`(seed: UInt64) {
        var dice = Dice(seed: seed)
        let sent = (0..<Int.random(in: 0...2_000, using: &dice)).map { _ in UInt8.random(in: 0...9, using: &dice) }
        var swap = SettingsSwap()
        let seen = Self.seen(sent, by: &swap, dice: &dice)
        // The beginning of a frame's header may still be held.
        #expect(seen.count >= sent.count - 17)
        #expect(seen.count <= sent.count + 9)
    }

    @Test func `the client is shown the limits that are meant`() {
        var limits = HTTPLimits()
        limits.http2.streams = 258
        limits.head = 70_000
        let payload: [UInt8] = [0, 3, 0, 0, 1, 2] + [0, 6, 0, 1, 17, 112]
        #expect(Array(SettingsSwap.announcement(limits).readableBytesView) == Self.frame(4, payload: payload))
    }
}

// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

@testable import Upstream

/// A server on the loopback that does with each of its connections what it was told, one connection after the other.
final class ScriptedServer: Sendable {
    enum Step: Sendable {
        /// Reads a request and answers it, leaving the connection open.
        case answer(fields: String = "", bytes: Int = 2)
        /// Reads a request whole and closes without a byte.
        case drop
        /// Reads the head and closes in the midst of the body.
        case dropInBody
    }

    /// A request that has arrived.
    struct Seen: Equatable, Sendable {
        var connection: Int
        var line: String
        var bodyBytes: Int
    }

    /// Milliseconds that the server waits for a connection of its script: tests beside this one may have all the cores.
    private static let patience: CInt = 120_000
    /// Milliseconds that it waits for one that should not come.
    private static let caution: CInt = 300

    let port: UInt16
    private let listener: CInt
    private let seenSoFar = Mutex<[Seen]>([])
    private let (closings, told) = AsyncStream.makeStream(of: Void.self)
    private let thread = Mutex<pthread_t?>(nil)

    /// - Parameter script: The steps of each connection, which is closed after its last.
    init?(_ script: [[Step]]) {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        guard bound else { return nil }
        let started = SystemThread.start { [self] in serve(script) }
        thread.withLock { $0 = started }
    }

    var url: String { "http://127.0.0.1:\(port)/v1" }

    /// Waits until the server has closed one more connection.
    func waitForClosing() async {
        for await _ in closings { return }
    }

    /// All that has arrived, once nobody has come for a while.
    func seen() -> [Seen] {
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let running { pthread_join(running, nil) }
        return seenSoFar.withLock { $0 }
    }

    private func serve(_ script: [[Step]]) {
        // One more than the script says, which shows a request that should not have come.
        for (index, steps) in (script + [[.answer()]]).enumerated() {
            var door = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&door, 1, index < max(script.count, 1) ? Self.patience : Self.caution) > 0 else { break }
            let connection = accept(listener, nil, nil)
            var limit = timeval(tv_sec: 120, tv_usec: 0)
            setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            for step in steps where !carryOut(step, on: connection, index) { break }
            close(connection)
            told.yield()
        }
        close(listener)
    }

    private func carryOut(_ step: Step, on connection: CInt, _ index: Int) -> Bool {
        var bytes: [UInt8] = []
        var end: Int?
        var length = 0
        while end.map({ bytes.count < $0 + length }) ?? true {
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return false }
            bytes += buffer[..<count]
            guard end == nil, let blank = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            end = blank.upperBound
            let head = String(decoding: bytes[..<blank.lowerBound], as: UTF8.self)
            length = Self.length(in: head)
            if case .dropInBody = step { break }
        }
        let line = String(decoding: bytes.prefix { $0 != 13 }, as: UTF8.self)
        seenSoFar.withLock { $0.append(Seen(connection: index, line: line, bodyBytes: bytes.count - (end ?? 0))) }
        guard case .answer(let fields, let count) = step else { return false }
        let answer = Array("HTTP/1.1 200 OK\r\n\(fields)Content-Length: \(count)\r\n\r\n".utf8)
        let all = answer + [UInt8](repeating: 111, count: count)
        return send(connection, all, all.count, CInt(MSG_NOSIGNAL)) == all.count
    }

    private static func length(in head: String) -> Int {
        let field = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        return field.flatMap { Int($0.dropFirst("content-length: ".count)) } ?? 0
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A text that came in deltas.
struct Trace: Sendable, CustomStringConvertible {
    struct Delta: Sendable {
        /// Milliseconds.
        var time: Double
        var text: String
    }

    /// Those that the smoother was tuned on.
    static let seeded = [
        Trace("steady, 20 ms", SeededTraces.steady),
        Trace("bursts, 500 ms", SeededTraces.bursts500),
        Trace("bursts, 900 ms", SeededTraces.bursts900),
        Trace("prefill, then flood", SeededTraces.prefillThenFlood),
        Trace("slow trickle", SeededTraces.trickle),
        Trace("stalls", SeededTraces.stalls),
    ]

    /// From real servers over real sockets: `Traces/record.py` made them, and the first line of each says how.
    static let recorded = [
        "steady", "buffering-proxy", "pipe", "prefill", "trickle", "stalls", "nagle", "starved",
    ].map { Trace(recording: $0) }

    private static let prose = """
        The wind had turned by morning, and the boats that lay in the harbour pointed all at the open sea. Nobody \
        spoke of leaving. They mended nets, counted coins, and looked now and then at a sky without a cloud. \

        """

    let description: String
    private(set) var deltas: [Delta] = []

    /// - Parameter sizes: Milliseconds and bytes of each delta, in order.
    init(_ name: String, _ sizes: [(Double, Int)]) {
        description = name
        let prose = Array(Self.prose.utf8)
        var offset = 0
        for (time, count) in sizes {
            let bytes = (offset..<offset + count).map { prose[$0 % prose.count] }
            deltas.append(Delta(time: time, text: String(decoding: bytes, as: UTF8.self)))
            offset += count
        }
    }

    /// - Parameter sizes: `milliseconds:bytes` of each delta, in order.
    init(_ name: String, _ sizes: String) {
        let pairs = sizes.split(separator: " ").map { entry in
            let numbers = entry.split(separator: ":").compactMap { Int($0) }
            return (Double(numbers[0]), numbers[1])
        }
        self.init(name, pairs)
    }

    /// - Parameter name: That of the file: lines of milliseconds and text in quotes, after lines of comment.
    private init(recording name: String, file: String = #filePath) {
        description = "recorded: \(name)"
        let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        let content = GoldenFile.content(of: "\(folder)/Traces/\(name).txt")
        for line in String(decoding: content, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let time = Double(parts[0]) else { continue }
            deltas.append(Delta(time: time, text: String(parts[1].dropFirst().dropLast())))
        }
    }

    var end: Double { deltas.last?.time ?? 0 }
}

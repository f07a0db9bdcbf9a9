// SPDX-License-Identifier: Apache-2.0

/// A text that came in deltas.
struct Trace: Sendable, CustomStringConvertible {
    struct Delta: Sendable {
        /// Milliseconds.
        var time: Double
        var text: String
    }

    static let all = [
        Trace("steady, 20 ms", RecordedTraces.steady),
        Trace("bursts, 500 ms", RecordedTraces.bursts500),
        Trace("bursts, 900 ms", RecordedTraces.bursts900),
        Trace("prefill, then flood", RecordedTraces.prefillThenFlood),
        Trace("slow trickle", RecordedTraces.trickle),
        Trace("stalls", RecordedTraces.stalls),
    ]

    private static let prose = """
        The wind had turned by morning, and the boats that lay in the harbour pointed all at the open sea. Nobody \
        spoke of leaving. They mended nets, counted coins, and looked now and then at a sky without a cloud. \

        """

    let description: String
    private(set) var deltas: [Delta] = []

    /// - Parameter recording: `milliseconds:bytes` of each delta, in order.
    init(_ name: String, _ recording: String) {
        description = name
        let prose = Array(Self.prose.utf8)
        var offset = 0
        for entry in recording.split(separator: " ") {
            let numbers = entry.split(separator: ":").compactMap { Int($0) }
            let bytes = (offset..<offset + numbers[1]).map { prose[$0 % prose.count] }
            deltas.append(Delta(time: Double(numbers[0]), text: String(decoding: bytes, as: UTF8.self)))
            offset += numbers[1]
        }
    }

    var end: Double { deltas.last?.time ?? 0 }
}

// SPDX-License-Identifier: Apache-2.0

internal import EventStream
internal import JSON

/// The frame of a delta event but for its number and its text: the same for all deltas of a part.
struct OpenAIResponsesDelta {
    /// Up to the sequence number.
    private let prefix: [UInt8]
    /// Between the number and the text.
    private let middle: [UInt8]
    private let suffix: [UInt8]

    /// - Parameters:
    ///   - index: Which part of the item it is; the arguments of a call have no parts.
    ///   - hasLogprobs: The event has a `logprobs`, which is empty.
    init(
        _ type: StaticString,
        itemID: String,
        outputIndex: Int,
        index: (name: String, value: Int)?,
        hasLogprobs: Bool
    ) {
        prefix = Array("event: \(type)\ndata: {\"type\":\"\(type)\",\"sequence_number\":".utf8)
        let part = index.map { "\"\($0.name)\":\($0.value)," } ?? ""
        middle = Array(",\"item_id\":\"\(itemID)\",\"output_index\":\(outputIndex),\(part)\"delta\":".utf8)
        suffix = Array((hasLogprobs ? ",\"logprobs\":[]}\n\n" : "}\n\n").utf8)
    }

    /// The frame of nothing, before the first part.
    init() {
        prefix = []
        middle = []
        suffix = []
    }

    @inline(__always)
    func append(_ unit: Span<UInt8>, number: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: prefix)
        FrameEncoder.appendDecimal(UInt64(number), to: &bytes)
        bytes.append(contentsOf: middle)
        JSONText.appendString(unit, to: &bytes)
        bytes.append(contentsOf: suffix)
    }
}

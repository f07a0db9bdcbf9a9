// SPDX-License-Identifier: Apache-2.0

internal import EventStream
internal import JSON

/// Writes the events of a stream with their numbers, from 0 without gaps, and leaves out those that the reader has
/// had: `starting_after` of a stream that is read again (openai-responses.md 6).
struct OpenAIResponsesEvents {
    private var next = 0
    /// The number of the last event that is left out.
    private let startingAfter: Int

    init(startingAfter: Int?) {
        self.startingAfter = startingAfter ?? -1
    }

    /// So many events have come from elsewhere.
    mutating func goOn(after count: Int) {
        next += count
    }

    /// Adds an event.
    /// - Parameter members: Writes what comes after `type` and `sequence_number`.
    mutating func append(
        _ type: StaticString,
        as kind: FrameBuffer.Kind = .structure,
        to frames: inout FrameBuffer,
        _ members: (inout JSONText) -> Void
    ) {
        defer { next += 1 }
        guard next > startingAfter else { return }
        FrameEncoder.appendEventName(type, to: &frames.bytes)
        FrameEncoder.append("data: ", to: &frames.bytes)
        let payload = JSONText.object { json in
            json.member("type", "\(type)")
            json.member("sequence_number", next)
            members(&json)
        }
        frames.bytes.append(contentsOf: payload)
        FrameEncoder.append("\n\n", to: &frames.bytes)
        frames.endFrame(kind)
    }

    /// Adds a delta event.
    @inline(__always)
    mutating func append(_ unit: Span<UInt8>, in delta: OpenAIResponsesDelta, to frames: inout FrameBuffer) {
        if next > startingAfter {
            delta.append(unit, number: next, to: &frames.bytes)
            frames.endFrame(.unit)
        }
        next += 1
    }
}

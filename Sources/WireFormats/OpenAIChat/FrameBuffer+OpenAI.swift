// SPDX-License-Identifier: Apache-2.0

internal import EventStream

extension FrameBuffer {
    /// Ends a stream of chunks: token counts are the last one, without a choice, since a chunk after it would take them
    /// back from clients. Then `[DONE]`.
    /// - Parameters:
    ///   - head: A chunk up to its choices.
    ///   - counts: An object that holds nothing but `usage`; nil where no counts are asked for.
    mutating func endOpenAIStream(head: [UInt8], counts: [UInt8]?) {
        if let counts {
            bytes.append(contentsOf: head)
            FrameEncoder.append("[],", to: &bytes)
            bytes.append(contentsOf: counts.dropFirst())
            FrameEncoder.append("\n\n", to: &bytes)
            endFrame(.usage)
        }
        FrameEncoder.append("data: [DONE]\n\n", to: &bytes)
        endFrame(.terminator)
    }
}

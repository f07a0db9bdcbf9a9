// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import EventStream

/// Writes `usageMetadata`, in which only the counts of the output change during a stream.
struct GeminiUsage {
    private let opening: [UInt8]
    private let details: [UInt8]
    private let inputTokens: Int

    init(inputTokens: Int, cachedTokens: Int = 0) {
        self.inputTokens = inputTokens
        opening = Array(#""usageMetadata":{"promptTokenCount":\#(inputTokens),"totalTokenCount":"#.utf8)
        let cached = cachedTokens > 0 ? #","cachedContentTokenCount":\#(cachedTokens)"# : ""
        details = Array(#","promptTokensDetails":[{"modality":"TEXT","tokenCount":\#(inputTokens)}]\#(cached)"#.utf8)
    }

    /// Appends the counts of a whole answer.
    static func append(_ usage: Usage, to out: inout [UInt8]) {
        let thoughts = min(usage.reasoningTokens, usage.outputTokens)
        GeminiUsage(inputTokens: usage.inputTokens, cachedTokens: usage.cachedTokens)
            .append(candidates: usage.outputTokens - thoughts, thoughts: thoughts, to: &out)
    }

    /// Appends the member, its name too. Counts that are 0 are left out, as Google's are.
    /// - Parameters:
    ///   - candidates: The tokens of the answer, without its thoughts.
    ///   - thoughts: The tokens of its thoughts.
    func append(candidates: Int, thoughts: Int, to out: inout [UInt8]) {
        out.append(contentsOf: opening)
        FrameEncoder.appendDecimal(UInt64(clamping: inputTokens &+ candidates &+ thoughts), to: &out)
        out.append(contentsOf: details)
        if candidates > 0 {
            FrameEncoder.append(",\"candidatesTokenCount\":", to: &out)
            FrameEncoder.appendDecimal(UInt64(clamping: candidates), to: &out)
        }
        if thoughts > 0 {
            FrameEncoder.append(",\"thoughtsTokenCount\":", to: &out)
            FrameEncoder.appendDecimal(UInt64(clamping: thoughts), to: &out)
        }
        out.append(UInt8(ascii: "}"))
    }
}

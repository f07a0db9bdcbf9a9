// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// What Gemini's `countTokens` answers.
public enum GeminiCount {
    /// - Parameter tokens: Of the whole request.
    public static func body(tokens: Int) -> [UInt8] {
        JSONText.object { text in
            text.member("totalTokens", tokens)
            text.arrayMember("promptTokensDetails") { text in
                text.object { text in
                    text.member("modality", "TEXT")
                    text.member("tokenCount", tokens)
                }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Writes the answer of `POST /v1/messages/count_tokens`.
public enum AnthropicCount {
    public static func body(tokens: Int) -> [UInt8] {
        JSONText.object { text in text.member("input_tokens", tokens) }
    }
}

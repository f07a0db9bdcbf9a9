// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// What OpenAI's `GET /v1/models` and `GET /v1/models/<id>` tell (openai-chat.md, part 6).
public enum OpenAIModels {
    /// Unix time in seconds: of no meaning, and the same in each run.
    private static let created = 1_700_000_000

    /// All models, in the order given.
    public static func list(_ names: [String]) -> [UInt8] {
        JSONText.object { text in
            text.member("object", "list")
            text.arrayMember("data") { text in
                for name in names { write(name, to: &text) }
            }
        }
    }

    /// One model.
    public static func model(_ name: String) -> [UInt8] {
        var text = JSONText()
        write(name, to: &text)
        return text.bytes
    }

    private static func write(_ name: String, to text: inout JSONText) {
        text.object { text in
            text.member("id", name)
            text.member("object", "model")
            text.member("created", created)
            text.member("owned_by", "typebar")
        }
    }
}

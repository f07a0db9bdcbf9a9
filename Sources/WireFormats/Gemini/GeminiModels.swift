// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// What Gemini's `GET /v1beta/models` and `GET /v1beta/models/<model>` tell.
public enum GeminiModels {
    /// All models, in the order given; names are without `models/`.
    public static func list(_ models: [(name: String, displayName: String)]) -> [UInt8] {
        JSONText.object { text in
            text.arrayMember("models") { text in
                for model in models { write(model.name, model.displayName, to: &text) }
            }
        }
    }

    /// One model; its name is without `models/`.
    public static func model(name: String, displayName: String) -> [UInt8] {
        var text = JSONText()
        write(name, displayName, to: &text)
        return text.bytes
    }

    private static func write(_ name: String, _ displayName: String, to text: inout JSONText) {
        text.object { text in
            text.member("name", "models/" + name)
            text.member("version", "001")
            text.member("displayName", displayName)
            text.member("description", "A model of Typebar's.")
            text.member("inputTokenLimit", 1_048_576)
            text.member("outputTokenLimit", 65_536)
            text.arrayMember("supportedGenerationMethods") { text in
                for method in ["generateContent", "streamGenerateContent", "countTokens", "embedContent"] {
                    text.string(method)
                }
            }
            text.member("temperature", 1)
            text.name("topP")
            text.number(0.95)
            text.member("topK", 64)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// What Ollama tells of its models (ollama.md, Other bodies). What a model of ours does not have, such as a size, is
/// made up of its name.
public enum OllamaCatalogue {
    private static let modified = "2023-11-14T22:13:20Z"
    private static let size = 1_000_000_000
    private static let contextLength = 131_072
    private static let parameterCount = 1_000_000_000
    private static let embeddingLength = 256

    /// `GET /api/version`
    public static let version = Array(#"{"version":"0.30.0"}"#.utf8)

    /// The last line of a pull, push, create.
    public static let success = Array("{\"status\":\"success\"}\n".utf8)

    /// `GET /api/tags`: all models.
    public static func tags(_ names: [String]) -> [UInt8] {
        list(names) { text in
            text.member("modified_at", modified)
        } last: { _ in
        }
    }

    /// `GET /api/ps`: the models in memory.
    /// - Parameter now: Unix time in nanoseconds.
    public static func loaded(_ names: [String], now: Int64) -> [UInt8] {
        let seconds = min(now / 1_000_000_000, 1 << 33) + 300
        let expiry = RFC3339.text(unixNanoseconds: seconds * 1_000_000_000, fractionDigits: 0)
        return list(names) { _ in
        } last: { text in
            text.member("expires_at", expiry)
            text.member("size_vram", size)
            text.member("context_length", contextLength)
        }
    }

    /// `POST /api/show`: one model.
    public static func show(_ name: String) -> [UInt8] {
        JSONText.object { text in
            text.member("license", "Apache-2.0")
            text.member("modelfile", "FROM \(OllamaModelName.tagged(name))\n")
            text.member("parameters", "")
            text.member("template", "{{ .Prompt }}")
            writeDetails(to: &text)
            text.objectMember("model_info") { text in
                text.member("general.architecture", "typebar")
                text.member("general.parameter_count", parameterCount)
                text.member("typebar.context_length", contextLength)
                text.member("typebar.embedding_length", embeddingLength)
            }
            text.arrayMember("capabilities") { text in
                for name in ["completion", "tools", "thinking", "vision", "embedding"] { text.string(name) }
            }
            text.member("modified_at", modified)
        }
    }

    private static func list(
        _ names: [String],
        first: (inout JSONText) -> Void,
        last: (inout JSONText) -> Void
    ) -> [UInt8] {
        JSONText.object { text in
            text.arrayMember("models") { text in
                for name in names.map(OllamaModelName.tagged) {
                    text.object { text in
                        text.member("name", name)
                        text.member("model", name)
                        first(&text)
                        text.member("size", size)
                        text.member("digest", digest(of: name))
                        writeDetails(to: &text)
                        last(&text)
                    }
                }
            }
        }
    }

    private static func writeDetails(to text: inout JSONText) {
        text.objectMember("details") { text in
            text.member("parent_model", "")
            text.member("format", "gguf")
            text.member("family", "typebar")
            text.arrayMember("families") { $0.string("typebar") }
            text.member("parameter_size", "1.0B")
            text.member("quantization_level", "Q4_K_M")
        }
    }

    /// 64 hexadecimal digits, the same for the same name.
    private static func digest(of name: String) -> String {
        // FNV-1a (Fowler, Noll and Vo).
        let seed = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return AnswerIdentity(model: name, seed: seed, created: 0, inputTokens: 0).hexName("", length: 64)
    }
}

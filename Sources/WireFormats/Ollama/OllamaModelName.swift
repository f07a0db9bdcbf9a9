// SPDX-License-Identifier: Apache-2.0

/// Names of models as Ollama writes them: with a tag.
enum OllamaModelName {
    /// `name` with `:latest` where it has no tag (ollama.md, Endpoints).
    static func tagged(_ name: String) -> String {
        // The host of a registry may have a port: only what follows the last slash can hold a tag.
        let last = name.utf8.lastIndex(of: UInt8(ascii: "/")).map { name.utf8[$0...] } ?? name.utf8[...]
        return last.isEmpty || last.contains(UInt8(ascii: ":")) ? name : name + ":latest"
    }
}

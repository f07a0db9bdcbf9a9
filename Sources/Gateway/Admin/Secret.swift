// SPDX-License-Identifier: Apache-2.0

/// Compares secrets.
enum Secret {
    /// Whether both are the same; takes as long wherever they differ, so that nobody can feel his way along.
    static func equal(_ one: String, _ other: String) -> Bool {
        let (first, second) = (Array(one.utf8), Array(other.utf8))
        var difference = first.count ^ second.count
        for index in first.indices {
            difference |= Int(first[index] ^ (second.isEmpty ? 0 : second[index % second.count]))
        }
        return difference == 0
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Reads figures out of files of /proc. What is not there is 0: a figure of trust must not end a run.
enum ProcText {
    /// Number `index`, from 0, of the words of the line that begins with the word `name`; the name is not counted.
    static func value(_ index: Int, of name: String, in text: String) -> Int {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.first == name[...] else { continue }
            return words.count > index + 1 ? Int(words[index + 1]) ?? 0 : 0
        }
        return 0
    }

    /// A counter of `netstat` or `snmp`: a line of names, and the next of values, both beginning with `group`, such as
    /// `TcpExt:`.
    static func counter(_ name: String, of group: String, in text: String) -> Int {
        let lines = text.split(separator: "\n").filter { $0.hasPrefix(group) }
        guard lines.count > 1, let index = lines[0].split(separator: " ").firstIndex(of: name[...]) else { return 0 }
        let values = lines[1].split(separator: " ")
        return index < values.count ? Int(values[index]) ?? 0 : 0
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Reads the `$ref` of a JSON Schema: a JSON pointer (RFC 6901) in the same document.
enum SchemaReference {
    /// What `reference` points at; nil where that is nowhere in `root`.
    /// - Parameter work: Grows by the names that were looked at.
    static func target(of reference: String, in root: JSONValue, work: inout Int) -> JSONValue? {
        guard reference.first == "#" else { return nil }
        let steps = reference.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard steps.first?.isEmpty ?? true else { return nil }
        var target = root
        for step in steps.dropFirst() {
            work += target.members?.count ?? 1
            guard let next = child(named: unescaped(step), of: target) else { return nil }
            target = next
        }
        return target
    }

    private static func child(named name: String, of value: JSONValue) -> JSONValue? {
        guard let items = value.array else { return value[name] }
        return Int(name).flatMap { items.indices.contains($0) ? items[$0] : nil }
    }

    private static func unescaped(_ step: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(step.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else if byte == UInt8(ascii: "~"), let mark = rest.first, mark == 0x30 || mark == 0x31 {
                bytes.append(UInt8(ascii: mark == 0x30 ? "~" : "/"))
                rest = rest.dropFirst()
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

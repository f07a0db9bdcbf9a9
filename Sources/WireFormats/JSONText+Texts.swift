// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension JSONText {
    /// A list of strings.
    mutating func arrayMember(_ name: String, of texts: some Sequence<String>) {
        arrayMember(name) { text in
            for item in texts { text.string(item) }
        }
    }

    /// A number, where there is one that JSON can tell.
    mutating func optionalMember(_ name: String, _ value: Double?) {
        guard let value, value.isFinite else { return }
        self.name(name)
        number(value)
    }

    mutating func optionalMember(_ name: String, _ value: Int?) {
        if let value { member(name, value) }
    }
}

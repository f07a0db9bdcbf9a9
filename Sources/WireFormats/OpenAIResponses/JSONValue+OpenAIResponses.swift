// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension JSONValue {
    /// A string of valid text; null where there is none.
    static func responseText(_ text: String?) -> JSONValue {
        text.map { .string(Array($0.utf8)) } ?? .null
    }
}

extension JSONValue.Member {
    init(_ name: String, _ value: JSONValue) {
        self.init(name: name, value: value)
    }

    init(_ name: String, _ text: String?) {
        self.init(name: name, value: .responseText(text))
    }
}

// SPDX-License-Identifier: Apache-2.0

extension Target {
    /// Makes it a POST of these bytes, of JSON unless a header says otherwise.
    public mutating func setBody(_ body: [UInt8]) {
        self.body = body
        setDefault("content-type", "application/json")
    }

    /// Adds a header that the user has not told.
    mutating func setDefault(_ name: String, _ value: String) {
        guard !headers.contains(where: { $0.name.lowercased() == name.lowercased() }) else { return }
        headers.append(Field(name: name, value: value))
    }
}

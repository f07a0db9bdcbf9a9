// SPDX-License-Identifier: Apache-2.0

/// Where in an instance a value is made.
struct SchemaPlace {
    /// How many values this one is inside of.
    private(set) var depth = 0
    /// The references that led here.
    private(set) var references: [String] = []
    /// A reference has led to itself: only what has to be there is made.
    private(set) var isRecursion = false
    /// The name of the property, for text that tells what it stands for.
    private(set) var name = ""

    func inside(_ name: String? = nil) -> SchemaPlace {
        var place = self
        place.depth += 1
        if let name { place.name = String(name.prefix(40)) }
        return place
    }

    /// Follows a reference; false where it has led here too often.
    mutating func follow(_ reference: String) -> Bool {
        let count = references.count { $0 == reference }
        guard count < 3, references.count < 64 else { return false }
        references.append(reference)
        isRecursion = isRecursion || count > 0
        return true
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A regular expression (PCRE2) that names are held against, whole or in part as it says. Each search is bounded.
public struct NamePattern: Sendable {
    /// Why an expression cannot be used.
    public struct Malformed: Error {
        public let message: String
    }

    private let pattern: Pattern

    public init(_ text: String) throws(Malformed) {
        do throws(Pattern.Malformed) {
            pattern = try Pattern(text, ignoresCase: false)
        } catch {
            throw Malformed(message: error.message)
        }
    }

    /// Whether it is found in `name`; false too where the search would take too long.
    public func matches(_ name: String) -> Bool {
        pattern.search(Array(name.utf8), scratch: PatternScratch()) == .match
    }
}

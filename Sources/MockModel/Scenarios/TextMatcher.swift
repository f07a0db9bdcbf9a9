// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// What a text has to be.
struct TextMatcher: Sendable {
    /// Texts are UTF-8, in lower case where case does not matter.
    enum Test: Sendable {
        case equals([UInt8])
        case contains([UInt8])
        case prefix([UInt8])
        case regex(Pattern)
    }

    /// All have to hold; the cheap ones come first.
    let tests: [Test]
    let ignoresCase: Bool

    /// The text that this takes and no other; nil where there may be several.
    var onlyText: [UInt8]? {
        guard !ignoresCase else { return nil }
        for case .equals(let text) in tests { return text }
        return nil
    }

    func outcome(_ subject: Subject, scratch: PatternScratch) -> Pattern.Outcome {
        let bytes = ignoresCase ? subject.folded : subject.bytes
        for test in tests {
            switch test {
            case .equals(let text): if bytes != text { return .noMatch }
            case .contains(let text): if !Self.contains(bytes, text) { return .noMatch }
            case .prefix(let text): if !bytes.starts(with: text) { return .noMatch }
            case .regex(let pattern):
                let outcome = pattern.search(subject.bytes, scratch: scratch)
                if outcome != .match { return outcome }
            }
        }
        return .match
    }

    // `memmem` would do, but Glibc hides it from Swift.
    private static func contains(_ bytes: [UInt8], _ text: [UInt8]) -> Bool {
        guard let first = text.first else { return true }
        return bytes.withUnsafeBytes { haystack in
            guard let base = haystack.baseAddress else { return false }
            var start = 0
            while haystack.count - start >= text.count,
                let found = memchr(base + start, Int32(first), haystack.count - start - text.count + 1)
            {
                if memcmp(found, text, text.count) == 0 { return true }
                start = base.distance(to: UnsafeRawPointer(found)) + 1
            }
            return false
        }
    }
}

extension TextMatcher: CustomStringConvertible {
    /// Such as `contains "weather"`.
    var description: String {
        let words = tests.map { test in
            switch test {
            case .equals(let text): Excerpt.quoted(text)
            case .contains(let text): "contains \(Excerpt.quoted(text))"
            case .prefix(let text): "begins with \(Excerpt.quoted(text))"
            case .regex(let pattern): "matches /\(Excerpt.cut(pattern.text))/"
            }
        }
        return words.joined(separator: " and ") + (ignoresCase ? " in any case" : "")
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension SchemaMaker {
    private static let words = [
        "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "indigo", "jade", "kelp", "lilac",
        "maple", "north", "ocean", "pine", "quartz", "river", "slate", "tulip", "umber", "violet", "willow", "zinc",
    ]
    /// Longer text is not made, in characters.
    private static let longest = 65_536

    /// Text that `flat` takes: of its pattern, else of its format, else words with the property's name.
    mutating func string(_ flat: FlatSchema) -> JSONValue? {
        let least = flat.count("minLength") ?? 0
        let most = flat.count("maxLength") ?? .max
        guard least <= most, least <= Self.longest, spend(least / 64) else { return nil }
        if let pattern = flat["pattern"]?.text, let text = text(matching: pattern, lengths: least...most) {
            return .string(Array(text.utf8))
        }
        if let format = flat["format"]?.text, let text = text(ofFormat: format),
            (least...most).contains(text.utf8.count)
        {
            return .string(Array(text.utf8))
        }
        let name = flat.place.name.split { $0 == "_" || $0 == "-" }.joined(separator: " ")
        var scalars = Array((word() + " " + (name.isEmpty ? word() : name)).unicodeScalars)
        while scalars.count < least { scalars += Array((" " + word()).unicodeScalars) }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars.prefix(most))
        return .string(Array(String(view).utf8))
    }

    private mutating func word() -> String {
        Self.words[pick(Self.words.count)]
    }

    private mutating func text(matching pattern: String, lengths: ClosedRange<Int>) -> String? {
        guard let parsed = PatternParser.parse(pattern) else { return nil }
        for extra in [0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023] {
            var writer = PatternWriter(extra: extra, generator: generator)
            guard writer.write(parsed), spend(writer.text.count / 64) else { return nil }
            generator = writer.generator
            if lengths.contains(writer.text.count) { return String(writer.text) }
        }
        return nil
    }

    private mutating func text(ofFormat format: String) -> String? {
        switch format {
        case "date-time", "datetime": return "\(date())T\(time())"
        case "date": return date()
        case "time": return time()
        case "duration": return "P\(1 + pick(28))DT\(pick(24))H"
        case "email", "idn-email": return "\(word()).\(word())@example.com"
        case "hostname", "idn-hostname": return "\(word())-\(pick(100)).example.com"
        case "ipv4": return "192.0.2.\(pick(256))"
        case "ipv6": return "2001:db8::\(String(1 + pick(65_535), radix: 16))"
        case "uri", "iri", "url", "uri-template": return "https://example.com/\(word())/\(pick(1000))"
        case "uri-reference", "iri-reference", "json-pointer": return "/\(word())/\(pick(1000))"
        case "relative-json-pointer": return "1/\(word())"
        case "uuid": return uuid()
        case "regex": return "^\(word())$"
        case "byte": return "YW1iZXI="
        default: return nil
        }
    }

    private mutating func date() -> String {
        "2026-\(digits(1 + pick(12)))-\(digits(1 + pick(28)))"
    }

    private mutating func time() -> String {
        "\(digits(pick(24))):\(digits(pick(60))):\(digits(pick(60)))Z"
    }

    private func digits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }

    /// Version 4 (RFC 9562).
    private mutating func uuid() -> String {
        var text = ""
        for mark in "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx" {
            switch mark {
            case "x": text += String(pick(16), radix: 16)
            case "y": text += String(8 + pick(4), radix: 16)
            default: text.append(mark)
            }
        }
        return text
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON
internal import Typewriter

/// Fills templates for one request. The same request, time and seed give the same text.
struct TemplateFiller {
    /// Bytes that one reply may take from its request, where a few braces can ask for a long prompt many times. What
    /// goes over is left out.
    private static let maximumBytes = 16 << 20

    private let input: ScenarioInput
    private let seed: UInt64
    private var remaining = TemplateFiller.maximumBytes
    /// Each `{{ uuid }}` is another.
    private var uuids: SeededGenerator

    init(_ input: ScenarioInput, seed: UInt64) {
        self.input = input
        self.seed = seed
        uuids = SeededGenerator(seed: seed ^ 0x7575_6964)
    }

    mutating func bytes(_ template: Template) -> [UInt8] {
        var out: [UInt8] = []
        for part in template.parts {
            switch part {
            case .literal(let bytes): out.append(contentsOf: bytes)
            case .value(let value, let isEscaped): append(value, isEscaped: isEscaped, to: &out)
            }
        }
        return out
    }

    mutating func text(_ template: Template) -> String {
        String(decoding: bytes(template), as: UTF8.self)
    }

    private mutating func append(_ value: Template.Value, isEscaped: Bool, to out: inout [UInt8]) {
        let bytes = Array(text(of: value).utf8)
        guard bytes.count <= remaining else { return }
        remaining -= bytes.count
        if isEscaped {
            JSONText.appendEscaped(bytes.span, to: &out)
        } else {
            out.append(contentsOf: bytes)
        }
    }

    private mutating func text(of value: Template.Value) -> String {
        let messages = input.request.messages
        return switch value {
        case .prompt: input.request.lastUserText
        case .firstMessage: messages.first?.content ?? ""
        case .lastMessage: messages.last?.content ?? ""
        case .message(let index): index < messages.count ? messages[index].content : ""
        case .messageCount: String(messages.count)
        case .model: input.request.model
        case .system: messages.first { $0.role == .system || $0.role == .developer }?.content ?? ""
        case .toolResult: messages.last { $0.role == .tool }?.content ?? ""
        case .turn: String(input.turn)
        case .seed: String(seed)
        case .uuid: uuid()
        case .now: Self.rfc3339(input.now)
        case .header(let name): input.headers.first { $0.name == name }?.value ?? ""
        }
    }

    /// A UUID of version 4 (RFC 9562, 5.4).
    private mutating func uuid() -> String {
        let high = uuids.next() & ~0xF000 | 0x4000
        let low = uuids.next() & ~(0b11 << 62) | 0b10 << 62
        let digits = Self.hexadecimal(high) + Self.hexadecimal(low)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// `2026-01-31T12:00:00.250Z`
    static func rfc3339(_ time: Int64) -> String {
        let milliseconds = time.flooredQuotient(by: 1_000_000)
        let seconds = milliseconds.flooredQuotient(by: 1000)
        let days = seconds.flooredQuotient(by: 86400)
        let second = seconds - days * 86400
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days: eras of 400 years that begin
        // in March.
        let shifted = days + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let clock = "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        return "\(date)T\(clock).\(padded(milliseconds - seconds * 1000, 3))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    /// Rounded towards the past, not towards 0.
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : (self + 1) / divisor - 1
    }
}

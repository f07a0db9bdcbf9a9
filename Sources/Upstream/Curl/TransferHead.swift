// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

/// The head of an upstream's answer.
public struct TransferHead: Equatable, Sendable {
    public var status: Int
    /// As they came, in order.
    public var fields: [TransferRequest.Field]

    public init(status: Int, fields: [TransferRequest.Field]) {
        self.status = status
        self.fields = fields
    }

    /// Empty where the upstream names none.
    public var contentType: String {
        value(of: "content-type") ?? ""
    }

    /// Seconds after which the upstream wants to be asked again. A date counts from the answer's own date, so that
    /// clocks that disagree do no harm.
    public var retryAfter: Double? {
        // openai-chat.md 5: the finer field wins.
        if let milliseconds = value(of: "retry-after-ms").flatMap(Self.number) { return milliseconds / 1000 }
        guard let text = value(of: "retry-after") else { return nil }
        if let seconds = Self.number(text) { return seconds }
        guard let then = Self.date(text) else { return nil }
        let now = value(of: "date").flatMap(Self.date) ?? time(nil)
        return Double(max(0, then - now))
    }

    /// The first field of a name.
    ///
    /// - Parameter name: In lower case.
    public func value(of name: String) -> String? {
        fields.first { $0.name.lowercased() == name }?.value
    }

    private static func number(_ text: String) -> Double? {
        let isPlain = text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: ".") }
        guard isPlain, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// Seconds since 1970. Every form of an HTTP date begins with a weekday.
    private static func date(_ text: String) -> Int? {
        guard text.first?.isLetter == true else { return nil }
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : seconds
    }
}

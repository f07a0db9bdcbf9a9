// SPDX-License-Identifier: Apache-2.0

extension OpenAIProblem {
    /// Tokens are not counted here: each request stands for so many of them.
    private static let tokensPerRequest = 1000
    /// About a hundred years: more than any limit needs, and far from what an integer cannot hold.
    private static let longestReset = 3.2e9

    /// The fields of openai-chat.md, part 5, for requests and for tokens.
    public static func fields(of limit: RateLimit) -> [(name: String, value: String)] {
        let reset = duration(seconds: limit.resetSeconds)
        return [
            ("x-ratelimit-limit-requests", String(limit.limit)),
            ("x-ratelimit-limit-tokens", tokens(limit.limit)),
            ("x-ratelimit-remaining-requests", String(limit.remaining)),
            ("x-ratelimit-remaining-tokens", tokens(limit.remaining)),
            ("x-ratelimit-reset-requests", reset),
            ("x-ratelimit-reset-tokens", reset),
        ]
    }

    private static func tokens(_ requests: Int) -> String {
        let (tokens, overflow) = requests.multipliedReportingOverflow(by: tokensPerRequest)
        return String(overflow ? Int.max : tokens)
    }

    /// A time such as `12ms`, `1s`, `1.5s` or `6m0s`, rounded up to whole milliseconds.
    static func duration(seconds: Double) -> String {
        let bounded = seconds > 0 ? min(seconds, longestReset) : 0
        let milliseconds = Int((bounded * 1000).rounded(.up))
        if milliseconds == 0 { return "0s" }
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        let minutes = milliseconds / 60_000
        let rest = "\(secondsText(milliseconds % 60_000))s"
        if minutes == 0 { return rest }
        return minutes < 60 ? "\(minutes)m\(rest)" : "\(minutes / 60)h\(minutes % 60)m\(rest)"
    }

    private static func secondsText(_ milliseconds: Int) -> String {
        let fraction = milliseconds % 1000
        if fraction == 0 { return String(milliseconds / 1000) }
        var digits = String(1000 + fraction).dropFirst()
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(milliseconds / 1000).\(digits)"
    }
}

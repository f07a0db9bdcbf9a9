// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

extension Objectives {
    private static let example = "ttft:200,gap:50,e2e:3000"

    /// What others call them.
    private static let otherNames: [String: Metric] = [
        "e2el": .endToEnd, "itl": .gap, "icl": .gap, "ttfot": .firstVisible, "ttfo": .firstVisible,
    ]

    /// Those of which a stream has one, in time.
    private static let metrics: Set<Metric> = [
        .queue, .firstByte, .firstByteFromSend, .firstEvent, .firstEventFromSend, .firstToken, .firstTokenFromSend,
        .firstVisible, .firstVisibleFromSend, .secondToken, .gap, .longestGap, .timePerToken, .jitter, .readerBuffer,
        .endToEnd, .endToEndFromSend, .close,
    ]

    /// - Parameter text: `name:most`, several with commas or spaces between; milliseconds, or a time with its unit.
    public init(_ text: String) throws(PlanProblem) {
        var limits: [Limit] = []
        for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            let limit = try Self.limit(String(part))
            guard !limits.contains(where: { $0.metric == limit.metric }) else {
                throw PlanProblem("the objectives '\(text)' name \(limit.metric.rawValue) twice", example: Self.example)
            }
            limits.append(limit)
        }
        guard !limits.isEmpty else { throw PlanProblem("the objectives are empty", example: Self.example) }
        self.init(text: text, limits: limits)
    }

    private static func limit(_ text: String) throws(PlanProblem) -> Limit {
        guard let mark = text.firstIndex(where: { $0 == ":" || $0 == "=" }) else {
            throw PlanProblem("the objective '\(text)' is not name:milliseconds", example: example)
        }
        let name = String(text[..<mark]).lowercased()
        guard let metric = otherNames[name] ?? Metric(rawValue: name), metrics.contains(metric) else {
            let known = Metric.allCases.filter(metrics.contains).map(\.rawValue).joined(separator: ", ")
            throw PlanProblem(
                "'\(name)' is nothing that a stream has one time of; there are \(known)",
                example: example
            )
        }
        let most = try DurationText.nanoseconds(String(text[text.index(after: mark)...]), bare: .milliseconds)
        return Limit(metric: metric, most: most)
    }
}

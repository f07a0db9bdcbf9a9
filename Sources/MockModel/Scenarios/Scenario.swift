// SPDX-License-Identifier: Apache-2.0

/// One scenario, compiled.
final class Scenario: Sendable {
    let name: String
    /// File and line.
    let place: String
    /// All have to hold; the cheap ones come first.
    let conditions: [Condition]
    /// Which of the requests for which all conditions hold; nil is each.
    let calls: ClosedRange<Int>?
    let reply: ReplyPlan
    let pace: [String: String]
    let weight: Double?
    /// How often it answers in a session; nil is always.
    let times: Int?
    /// The marks of each request that it can match.
    let marks: [Mark]

    init(
        name: String,
        place: String,
        conditions: [Condition],
        calls: ClosedRange<Int>?,
        reply: ReplyPlan,
        pace: [String: String],
        weight: Double?,
        times: Int?
    ) {
        self.name = name
        self.place = place
        self.conditions = conditions
        self.calls = calls
        self.reply = reply
        self.pace = pace
        self.weight = weight
        self.times = times
        marks = conditions.flatMap(\.marks)
    }

    /// Whether it takes each request for which its conditions hold, if no other has taken it.
    var isFinal: Bool { calls == nil && times == nil && weight == nil }

    /// Whether it has a say even where another scenario came first.
    var isHeardLate: Bool { calls != nil || weight != nil }

    func holds(_ facts: ScenarioFacts) -> Bool {
        conditions.allSatisfy { $0.outcome(facts) == .match }
    }

    /// The first condition that does not hold, in words.
    func failure(_ facts: ScenarioFacts) -> String? {
        for condition in conditions {
            if let failure = condition.failure(facts) { return failure }
        }
        return nil
    }

    /// Its conditions, in one line.
    var when: String {
        var words = conditions.map(\.description)
        if let calls { words.append("call \(Condition.words(calls))") }
        return words.isEmpty ? "always" : words.joined(separator: ", ")
    }
}

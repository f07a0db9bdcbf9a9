// SPDX-License-Identifier: Apache-2.0

/// The marks that a library asks for, each with its number, and how to find those of a request.
struct MarkIndex: Sendable {
    /// The literals that one scanner looks for.
    private struct Group: Hashable {
        let place: Mark.Place
        let windowLength: Int
    }

    /// Of the literals; a fact's number is its hash.
    private let numbers: [Mark: Int]
    private let scanners: [(place: Mark.Place, scanner: LiteralScanner)]

    /// - Parameter marks: Some may come more than once.
    init(_ marks: some Sequence<Mark>) {
        var numbers: [Mark: Int] = [:]
        var groups: [Group: [LiteralScanner.Literal]] = [:]
        for mark in marks {
            guard case .literal(let texts, let place) = mark, numbers[mark] == nil else { continue }
            let number = Mark.factCount + numbers.count
            numbers[mark] = number
            for text in texts {
                let group = Group(place: place, windowLength: min(text.count, LiteralScanner.maximumWindow))
                groups[group, default: []].append(LiteralScanner.Literal(bytes: text, mark: number))
            }
        }
        self.numbers = numbers
        scanners = groups.map { group, literals in
            (group.place, LiteralScanner(literals, windowLength: group.windowLength))
        }
    }

    /// The number of a mark in a ``MarkSet``; nil for a literal that is not among those of this index.
    func number(of mark: Mark) -> Int? {
        if case .fact(let hash) = mark { return Int(hash) }
        return numbers[mark]
    }

    func marks(of facts: ScenarioFacts) -> MarkSet {
        var marks = MarkSet(count: Mark.factCount + numbers.count)
        facts.insertFacts(into: &marks)
        for (place, scanner) in scanners { facts.scan(place, with: scanner, into: &marks) }
        return marks
    }
}

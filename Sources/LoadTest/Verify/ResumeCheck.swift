// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// Cuts a stream again and again, goes on each time with the last id, and compares with the same stream uncut.
struct ResumeCheck {
    struct Outcome {
        var log = FindingLog()
        /// Connections that were dropped, each followed by a resume.
        var cuts = 0
    }

    let call: StreamCall
    let settings: AnswerInspector.Settings
    let seed: UInt64

    /// - Parameters:
    ///   - marks: How many events of the stream a reader can be cut after, as an answer before has shown.
    ///   - cuts: How many connections are to be dropped.
    func run(marks: Int, cuts: Int) throws(VerifyFailure) -> Outcome {
        var outcome = Outcome()
        var text: [UInt8] = []
        var seams: [Int] = []
        var last: AnswerInspector?
        var firstID: String?
        var lastID: String?
        var taken = 0
        var seen: Set<String> = []
        for place in places(marks: marks, cuts: cuts).map(Optional.some) + [nil] {
            let limit = place.map { $0 - taken }
            let inspector = try call.perform(settings, lastEventID: lastID, stopsAfter: limit)
            guard inspector.status == 200 else {
                outcome.log.add(.resume, seen: refusal(inspector, lastID), expected: "the rest of the stream")
                return outcome
            }
            outcome.log.merge(inspector.log)
            firstID = firstID ?? inspector.firstID
            text += inspector.text
            taken += inspector.marks.count
            if let again = inspector.marks.first(where: { !seen.insert($0.id).inserted }) {
                let id = Excerpts.quoted(again.id.utf8)
                outcome.log.add(.resume, seen: "the event with id \(id) comes again", expected: "each event once")
            }
            last = inspector
            guard limit != nil, inspector.isSated, let id = inspector.marks.last?.id else { break }
            lastID = id
            seams.append(text.count)
            outcome.cuts += 1
        }
        if let firstID { try compare(text, seams, firstID, &outcome) }
        if let endID = last?.endID, endID.hasSuffix(".end") { try askBeyond(endID, &outcome) }
        return outcome
    }

    /// Events after which to cut: drawn from the seed, ascending.
    private func places(marks: Int, cuts: Int) -> [Int] {
        var generator = SeededGenerator(seed: seed)
        let all = Array(1..<max(marks, 1)).shuffled(using: &generator)
        return all.prefix(max(0, cuts)).sorted()
    }

    private func compare(
        _ text: [UInt8],
        _ seams: [Int],
        _ firstID: String,
        _ outcome: inout Outcome
    ) throws(VerifyFailure) {
        let uncut = try call.perform(settings, lastEventID: firstID)
        guard uncut.status == 200 else {
            outcome.log.add(.resume, seen: refusal(uncut, firstID), expected: "the stream from there on")
            return
        }
        // The first id is that of the first piece where a server begins without an event of its own.
        let head = text.count > uncut.text.count ? text.count - uncut.text.count : 0
        let rest = seams.isEmpty || head <= seams[0] ? text.dropFirst(head) : text[...]
        guard !rest.elementsEqual(uncut.text) else { return }
        let place = zip(rest, uncut.text).prefix { $0 == $1 }.count
        let cut = seams.lastIndex { $0 - (text.count - rest.count) <= place }.map { "cut \($0 + 1)" } ?? "the first cut"
        outcome.log.add(
            .resume,
            seen: "after \(cut) the text differs at byte \(place): \(Excerpts.around(Array(rest), place))",
            expected: Excerpts.around(uncut.text, place)
        )
    }

    private func askBeyond(_ id: String, _ outcome: inout Outcome) throws(VerifyFailure) {
        let inspector = try call.perform(settings, lastEventID: id)
        guard inspector.status != 204 else { return }
        outcome.log.add(
            .resume,
            seen: "status \(inspector.status) after \(id)",
            expected: "204, which ends an EventSource"
        )
    }

    private func refusal(_ inspector: AnswerInspector, _ id: String?) -> String {
        let reason = inspector.log.findings.first?.seen ?? "status \(inspector.status)"
        return id.map { "Last-Event-ID \($0) is answered with \(reason)" } ?? reason
    }
}

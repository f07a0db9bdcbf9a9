// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Typewriter

extension AnswerSession {
    /// What the first choice has said so far, as far as it is kept.
    var saidText: [UInt8] {
        guard let player = players.first, player.base == 0 else { return [] }
        guard let sent = writer.sentUnits, sent < unitEnds.count else {
            return Array(player.text.prefix(player.typewriter.position))
        }
        return sent > 0 ? Array(player.text.prefix(unitEnds[sent - 1])) : []
    }

    /// Tells the log of its request how it went.
    func tell(_ report: RequestReport, _ outcome: AnswerOutcome) {
        report.outcome = outcome
        report.units = players.reduce(0) { $0 + $1.typewriter.typedUnits }
        report.firstToken = firstToken
        report.usage = usage
        if let fault { report.error = fault.kind.rawValue }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Sees to it that all events of an answer bear the same id.
struct AnswerIdentityCheck: Equatable, Sendable {
    private var id: String?

    mutating func judge(_ other: String?, _ frame: StreamFrame, _ transcript: inout AnswerTranscript) {
        guard let other else { return }
        if let id, id != other {
            let seen = "id \(Excerpts.quoted(other.utf8))"
            transcript.log.add(.ids, frame, seen: seen, expected: "\(Excerpts.quoted(id.utf8)), as before")
        }
        id = id ?? other
    }
}

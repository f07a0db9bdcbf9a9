// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON
internal import MockModel
internal import Typewriter
internal import Upstream
internal import WireFormats

/// What one request to an upstream brought, from its sending to its end.
struct Recording: Sendable {
    /// In nanoseconds since 1970.
    let wallTime: Int64
    /// Counts the recordings of a server.
    let number: Int
    let upstream: String
    let format: WireFormat
    let request: TransferRequest
    let question: RecordedQuestion
    var head: TransferHead?
    /// Times are nanoseconds since the request was sent.
    var headTime: Nanoseconds = 0
    var reads: [Cassette.Read] = []
    var ending = Cassette.Ending.cancelled
    var endTime: Nanoseconds = 0
    var reason: String?

    var name: String {
        RecordingName.text(
            wallTime: wallTime,
            number: number,
            upstream: upstream,
            status: head?.status,
            ending: ending
        )
    }

    /// Without secrets.
    var cassette: Cassette {
        let mask = SecretMask(request)
        return Cassette(
            format: format,
            status: head?.status,
            fields: (head?.fields ?? []).map { Cassette.Field(name: $0.name, value: mask.masked($0.value)) },
            headTime: head == nil ? nil : headTime,
            recorded: RFC3339.text(unixNanoseconds: wallTime, fractionDigits: 3),
            request: mask.masked(asked),
            reads: mask.masked(reads),
            ending: ending,
            endTime: endTime,
            reason: reason.map { mask.masked($0) }
        )
    }

    /// What a scenario may tell: a question that holds a secret is taken by its model and turn alone.
    var tellableQuestion: RecordedQuestion {
        var question = question
        if SecretMask(request).masked(question.lastUser) != question.lastUser { question.lastUser = "" }
        return question
    }

    private var asked: JSONValue {
        let fields = request.fields.map { JSONValue.Member(name: $0.name.lowercased(), value: .string($0.value)) }
        return .object([
            .init(name: "upstream", value: .string(upstream)),
            .init(name: "model", value: .string(question.model)),
            .init(name: "method", value: .string("POST")),
            .init(name: "path", value: .string(path)),
            .init(name: "headers", value: .object(fields)),
            .init(name: "body", value: body),
        ])
    }

    /// The address without the host, before which a password may stand.
    private var path: String {
        let parts = request.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 ? "/" + parts[3] : "/"
    }

    private var body: JSONValue {
        do {
            return try JSONReader.read(request.body)
        } catch {
            return .string(request.body)
        }
    }
}

extension JSONValue {
    fileprivate static func string(_ text: String) -> JSONValue { .string(Array(text.utf8)) }
}

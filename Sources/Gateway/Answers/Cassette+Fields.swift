// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import MockModel
internal import Upstream

extension Cassette {
    /// What tells of the connection, the server or the place, and not of the answer: those of the replay are its own.
    private static let ownNames: Set<String> = [
        "alt-svc", "cache-control", "connection", "content-length", "date", "keep-alive", "server",
        "strict-transport-security", "te", "trailer", "transfer-encoding", "upgrade", "vary", "via",
    ]

    /// The recorded fields that a replay sends again.
    var replayedFields: [(name: HTTPField.Name, value: String)] {
        fields.compactMap { field in
            let name = field.name.lowercased()
            guard !Self.ownNames.contains(name), !name.hasPrefix("access-control-"),
                let known = HTTPField.Name(field.name), HTTPField.isValidValue(field.value)
            else { return nil }
            return (known, field.value)
        }
    }

    /// After how many seconds the client was to ask again.
    var retryAfter: Double? {
        TransferHead(status: status ?? 0, fields: fields.map { .init(name: $0.name, value: $0.value) }).retryAfter
    }
}

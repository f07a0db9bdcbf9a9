// SPDX-License-Identifier: Apache-2.0

internal import Conversation
public import WireFormats

extension UpstreamEndpoint {
    /// The transfer that asks this upstream for `request`.
    public func transfer(for request: EncodedRequest) -> TransferRequest {
        var transfer = TransferRequest(
            url: address(of: request.path),
            fields: [
                TransferRequest.Field(name: "Content-Type", value: "application/json"),
                TransferRequest.Field(
                    name: "Accept",
                    value: "text/event-stream, application/x-ndjson, application/json"
                ),
                TransferRequest.Field(name: "User-Agent", value: "typebar"),
            ] + keyFields + fields + passed(request.fields),
            body: request.body,
            connectMilliseconds: clocks.connect
        )
        transfer.connection = connection
        return transfer
    }

    /// What the client's head says, where the configuration does not say otherwise.
    private func passed(_ fields: [EncodedRequest.Field]) -> [TransferRequest.Field] {
        let own = Set((keyFields + self.fields).map { $0.name.lowercased() })
        return fields.filter { !own.contains($0.name.lowercased()) }
            .map { TransferRequest.Field(name: $0.name, value: $0.value) }
    }

    /// The transfer that asks whether this upstream is well.
    public func healthTransfer(_ settings: HealthCheckSettings) -> TransferRequest {
        var transfer = TransferRequest(
            url: address(of: settings.path),
            fields: [TransferRequest.Field(name: "User-Agent", value: "typebar")] + keyFields + fields,
            body: [],
            connectMilliseconds: settings.timeoutMilliseconds
        )
        transfer.method = .get
        transfer.connection = connection
        return transfer
    }

    /// The base may be given with the path of its one route, as other tools want it.
    func address(of path: String) -> String {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let plain = path.prefix { $0 != "?" }
        return base.hasSuffix(plain) ? base + path.dropFirst(plain.count) : base + path
    }

    /// How each format's clients show their key.
    private var keyFields: [TransferRequest.Field] {
        var fields: [TransferRequest.Field] = []
        if format == .anthropicMessages {
            fields.append(TransferRequest.Field(name: "anthropic-version", value: "2023-06-01"))
        }
        guard let key else { return fields }
        switch format {
        case .anthropicMessages: fields.append(TransferRequest.Field(name: "x-api-key", value: key))
        case .gemini: fields.append(TransferRequest.Field(name: "x-goog-api-key", value: key))
        default: fields.append(TransferRequest.Field(name: "Authorization", value: "Bearer \(key)"))
        }
        return fields
    }
}

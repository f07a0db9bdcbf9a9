// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import WireFormats

/// A model behind an OpenAI-compatible API.
public struct UpstreamEndpoint: Equatable, Sendable {
    /// How long an upstream may take, in milliseconds.
    public struct Clocks: Equatable, Sendable {
        public var connect = 5_000
        public var firstToken = 120_000
        public var idle = 60_000
        public var total = 600_000

        public init() {}
    }

    /// The name by which clients ask for it, and which the upstream gets.
    public var model: String
    /// The base of the API, such as `https://api.example.com/v1`, or the whole address of chat completions.
    public var url: String
    /// Sent as a bearer token; nil where the upstream wants none.
    public var key: String?
    public var clocks: Clocks

    public init(model: String, url: String, key: String? = nil, clocks: Clocks = Clocks()) {
        self.model = model
        self.url = url
        self.key = key
        self.clocks = clocks
    }

    /// The transfer that asks this upstream for an answer to `request`.
    public func transfer(for request: ChatRequest) -> TransferRequest {
        var fields = [
            TransferRequest.Field(name: "Content-Type", value: "application/json"),
            TransferRequest.Field(name: "Accept", value: "text/event-stream"),
            TransferRequest.Field(name: "User-Agent", value: "typebar"),
        ]
        if let key { fields.append(TransferRequest.Field(name: "Authorization", value: "Bearer \(key)")) }
        return TransferRequest(
            url: completionsURL,
            fields: fields,
            body: OpenAIChatRequestEncoder.body(for: request, model: model),
            connectMilliseconds: clocks.connect
        )
    }

    private var completionsURL: String {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        return base.hasSuffix("/chat/completions") ? base : base + "/chat/completions"
    }
}

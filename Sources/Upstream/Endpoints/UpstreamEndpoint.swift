// SPDX-License-Identifier: Apache-2.0

public import Conversation

/// An API that answers in the place of the mock: where it is, what it speaks, and how much may be asked of it.
public struct UpstreamEndpoint: Equatable, Sendable {
    /// How long an upstream may take, in milliseconds.
    public struct Clocks: Equatable, Sendable {
        public var connect = 5_000
        public var firstToken = 120_000
        public var idle = 60_000
        public var total = 600_000

        public init() {}
    }

    /// By which routes name it; unique.
    public var name: String
    /// `openAIChat`, `openAIResponses`, `anthropicMessages`, `gemini` or `ollamaChat`.
    public var format: WireFormat
    /// The base of the API, such as `https://api.example.com/v1`.
    public var url: String
    /// Nil where the upstream wants none.
    public var key: String?
    /// Sent with each request, after the format's own.
    public var fields: [TransferRequest.Field] = []
    public var connection = ConnectionSettings()
    public var clocks = Clocks()
    public var concurrency = ConcurrencyLimits()
    /// Nil never takes it out.
    public var breaker: BreakerSettings? = BreakerSettings()
    /// Nil asks it nothing unasked.
    public var health: HealthCheckSettings?

    public init(name: String, format: WireFormat = .openAIChat, url: String, key: String? = nil) {
        self.name = name
        self.format = format
        self.url = url
        self.key = key
    }
}

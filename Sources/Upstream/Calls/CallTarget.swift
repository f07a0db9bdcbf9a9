// SPDX-License-Identifier: Apache-2.0

/// One of those who may answer a request.
public struct CallTarget: Equatable, Sendable {
    /// Nil is the mock.
    public var endpoint: UpstreamEndpoint?
    /// The name of the model that it is asked for.
    public var model: String
    /// Its share among the targets of its priority, from 0; 0 is asked only where no other is left.
    public var weight: Int
    /// Targets of a higher number are asked only where none of a lower one is left.
    public var priority: Int
    /// How its answer reaches the client.
    public var form = AnswerForm.events

    public init(endpoint: UpstreamEndpoint?, model: String, weight: Int = 1, priority: Int = 0) {
        self.endpoint = endpoint
        self.model = model
        self.weight = weight
        self.priority = priority
    }
}

// SPDX-License-Identifier: Apache-2.0

/// The paths at which machines look how the server is doing.
enum StatusRoute: String {
    case metrics = "/metrics"
    /// It runs.
    case health = "/healthz"
    /// It takes requests: not while it goes down. Upstreams have no say in this: where one is down, other routes and the
    /// mock answer, and all gateways that share it would be taken out of service at once.
    case ready = "/readyz"
    /// What `/live` draws, once a second.
    case live = "/live/events"
}

// SPDX-License-Identifier: Apache-2.0

extension LoadPlan {
    /// What plays a plan; the raw values are the names in reports.
    public enum Engine: String, Sendable {
        /// Plain HTTP/1.1, with the kernel's stamps.
        case epoll
        /// TLS and HTTP/2. Arrivals are stamped when they are read.
        case nio
    }

    /// One for all targets: two that are compared are measured alike.
    public var engine: Engine {
        targets.contains { $0.isSecure || $0.usesHTTP2 } ? .nio : .epoll
    }

    /// The most streams at once on a connection to the target, before its server has told its own limit.
    func streamsPerConnection(to target: Int) -> Int {
        keepsConnections && targets[target].usesHTTP2 ? max(1, streamsPerConnection) : 1
    }

    /// The most connections that so many streams need, however they are spread over the targets.
    public func connections(for streams: Int) -> Int {
        let each = targets.indices.map { streamsPerConnection(to: $0) }.min() ?? 1
        return (streams + each - 1) / each
    }
}

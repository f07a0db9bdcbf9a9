// SPDX-License-Identifier: Apache-2.0

public import Upstream

/// Which upstreams answer to the names of some models, and how.
public struct ModelRoute: Sendable {
    /// The names that it is for.
    public enum Pattern: Equatable, Sendable {
        case exact(String)
        case prefix(String)
        /// PCRE2; anchored only where it says so.
        case regex(String)
    }

    /// One of those who may answer.
    public struct Target: Equatable, Sendable {
        public enum Place: Equatable, Sendable {
            /// By its name.
            case upstream(String)
            /// A built-in answer of the mock, by its name.
            case mock(String)
        }

        public var place: Place
        /// The name that the upstream gets; nil is the client's. `*` stands for what follows the route's prefix, or for
        /// the whole name where the route has none.
        public var model: String?
        public var weight = 1
        public var priority = 0

        public init(_ place: Place, model: String? = nil) {
            self.place = place
            self.model = model
        }
    }

    /// What becomes of a part of a request for which the upstream's format has no place.
    public enum Losses: String, CaseIterable, Sendable {
        /// It is left out, and the log says so.
        case log
        /// The request is refused.
        case error
    }

    /// What becomes of an upstream's answer whose client has left.
    public enum Disconnect: String, CaseIterable, Sendable {
        /// The upstream is let go at once: what it has not said is not paid for.
        case cancel
        /// It is heard to its end for the token counts; the text is dropped.
        case drain
        /// Where the client may come back for it (`/chat/stream`), all of it is kept; else as `drain`.
        case keep
    }

    public var pattern: Pattern
    /// At least one.
    public var targets: [Target]
    public var policy = CallPolicy()
    public var losses = Losses.log
    public var disconnect = Disconnect.cancel
    /// Bursts are typed evenly, with about so many milliseconds of lag; 0: they pass as they come.
    public var smoothing = 0
    /// What its upstreams send becomes cassettes.
    public var isRecorded = false

    public init(_ pattern: Pattern, targets: [Target]) {
        self.pattern = pattern
        self.targets = targets
    }
}

// SPDX-License-Identifier: Apache-2.0

public import TLS
public import Typewriter

/// All that a run depends on, but for the machine.
public struct LoadPlan: Sendable {
    /// How much of the beginning is left out of the figures.
    public enum WarmUp: Equatable, Sendable {
        case requests(Int)
        case time(Nanoseconds)
    }

    /// One; or two that are asked in turn and compared.
    public var targets: [Target]
    public var arrivals: Arrivals
    /// To begin, in all; the warm-up's come on top.
    public var requests: Int?
    /// From the first planned send (the warm-up's time comes on top). Streams that run then have ``drain``, and are cut.
    public var duration: Nanoseconds?
    public var warmUp: WarmUp?
    /// The most streams at once of an open load; what is due waits, and its wait counts.
    public var maxConcurrency: Int?
    /// Without a byte for so long, a stream has failed.
    public var idleTimeOut: Nanoseconds = 30 * .second
    /// How long streams may go on after ``duration``.
    public var drain: Nanoseconds = 30 * .second
    public var seed: UInt64 = 0
    /// A gap longer than this is a stall.
    public var stall: Nanoseconds = 300 * .millisecond
    /// Events a second that the reader of the rebuffer share reads.
    public var readerRate = 20.0
    public var objectives: Objectives?
    /// A connection is used again where the server lets it.
    public var keepsConnections = true
    /// Of HTTP/2: the most streams on one connection, where the server allows as many.
    public var streamsPerConnection = 100
    /// How targets over TLS are spoken to; what is offered as ALPN depends on the target.
    public var security = TLSClientSettings()
    /// Of each request, where the target's headers have no other.
    public var userAgent = "typebar-bench"
    /// When the run begins, on the monotonic clock, where processes share it; never before its connections are there.
    public var startsAt: Nanoseconds?
    /// This process plays each request whose number is `index` modulo `count`.
    public var share: (index: Int, count: Int) = (0, 1)

    public init(targets: [Target], arrivals: Arrivals) {
        self.targets = targets
        self.arrivals = arrivals
    }
}

// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// A run, or the runs of a sweep, and all that a reader has to know of how they came to be.
public struct Report: Sendable {
    /// Of the JSON; it grows when a reader of the old one would misread the new one.
    public static let schema = 1
    /// Of two targets that are compared, in their order.
    static let targetNames = ["A", "B"]

    /// Unix seconds.
    public var began = 0
    /// `epoll`, or `nio (TLS 1.3, h2)`.
    public var engine = "epoll"
    public var machine = Machine()
    /// As typed, without secrets.
    public var command: [String] = []
    public var urls: [String] = []
    public var seed: UInt64 = 0
    /// Failed requests a run may have, as a share: more make it a failed one.
    public var maxErrorRate = 0.01
    /// A client-bound run is no failure.
    public var allowsClientBound = false
    /// A gap longer than this was a stall.
    public var stall: Nanoseconds = 300 * .millisecond
    /// Events a second of the reader whose waits are the rebuffer share.
    public var readerRate = 20.0
    /// The runs in the order of their load.
    public var runs: [Run] = []
    /// What `bench calibrate` found this client good for on this machine, where it was asked.
    public var calibration: String?
    /// Why there is no run, or no further level of a sweep. Nil: nothing was in the way.
    public var failure: String?

    public struct Run: Sendable {
        /// The load in words: `50 streams, closed loop` or `Poisson, 50 a second`.
        public var load = ""
        /// Streams at once of a closed loop, or requests a second of an open one; nil where it is no one number.
        public var level: Double?
        /// Of the planned times (FNV-1a): equal plans have equal hashes.
        public var scheduleHash: UInt64 = 0
        /// Promised to patient users, not from a plan.
        public var isClosedLoop = false
        public var record = RunRecord()
        public var verdict = Verdict(level: .trusted, reasons: [])
        public var goodput: Goodput?
        public var assertions: [AssertionResult] = []

        public init() {}
    }

    public init() {}
}

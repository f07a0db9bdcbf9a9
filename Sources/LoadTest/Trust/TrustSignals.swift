// SPDX-License-Identifier: Apache-2.0

/// What tells whether this client kept up, of one run and one process. Processes' signals add up.
public struct TrustSignals: Equatable, Sendable {
    /// From the kernel's receive stamp of a read to our having it.
    public var kernelToUser = Distribution()
    /// From the planned time, or from when a place was free, to the write: the client's own part of the queue.
    public var sendLag = Distribution()
    /// From when a timer was due to when it ran.
    public var timerLag = Distribution()
    /// How long a socket with bytes waited for its turn among the others of a turn of the loop: of the engine whose
    /// arrivals the kernel does not stamp, and empty else.
    public var loopLag = Distribution()
    /// Of the processor, user and system, of the loop's thread, in seconds; and how long it waited for a core.
    public var cpuSeconds = 0.0
    public var waitSeconds = 0.0
    /// Stolen from the machine by its host, all cores, in seconds.
    public var stolenSeconds = 0.0
    /// Of the run; of several processes, of all together, so that ``cpuSeconds`` ÷ `wallSeconds` stays a share of a core.
    public var wallSeconds = 0.0
    /// Events with content that shared a read with another, and all.
    public var sharedContents = 0
    public var contents = 0
    /// Of the machine's TCP, during the run.
    public var collapsedSegments = 0
    public var retransmits = 0
    public var listenDrops = 0
    /// Times at which the wall clock, by which the kernel stamps, was set.
    public var clockSteps = 0
    /// The kernel does not stamp here: arrivals are times of our reads.
    public var lacksKernelStamps = false
    public var processes = 1

    public init() {}
}

// SPDX-License-Identifier: Apache-2.0

/// Plays a plan over plain HTTP/1.1 with epoll, on the thread that calls it, and measures.
public final class LoadEngine: Sendable {
    /// What other threads may see while it runs.
    public let live = LiveFigures()

    public init(_ plan: LoadPlan) {}

    /// Runs to the end. Errors: ``LoadFailure``, before the first request.
    public func run() throws(LoadFailure) -> RunRecord { RunRecord() }

    /// Ends the run soon: what has been measured is reported. From any thread, and from a signal's.
    public func interrupt() {}
}

// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
public import Typewriter

/// The figures of a running engine, for a progress line: written a few times a second.
public final class LiveFigures: Sendable {
    public struct Figures: Sendable {
        /// Since the run's start.
        public var elapsed: Nanoseconds = 0
        public var isWarmingUp = false
        public var running = 0
        public var begun = 0
        public var completed = 0
        public var failed = 0
        public var contents = 0
        /// Of the first tokens, and the gaps, of the last seconds; 0: none.
        public var firstTokenP50: Nanoseconds = 0
        public var firstTokenP99: Nanoseconds = 0
        public var gapP50: Nanoseconds = 0
        public var gapP99: Nanoseconds = 0
        public var sendLagP99: Nanoseconds = 0
        public var kernelToUserP99: Nanoseconds = 0

        public init() {}

        /// Adds another process's. Percentiles do not add up: the worst of them stands for all.
        public mutating func add(_ other: Figures) {
            elapsed = max(elapsed, other.elapsed)
            isWarmingUp = isWarmingUp || other.isWarmingUp
            running += other.running
            begun += other.begun
            completed += other.completed
            failed += other.failed
            contents += other.contents
            firstTokenP50 = max(firstTokenP50, other.firstTokenP50)
            firstTokenP99 = max(firstTokenP99, other.firstTokenP99)
            gapP50 = max(gapP50, other.gapP50)
            gapP99 = max(gapP99, other.gapP99)
            sendLagP99 = max(sendLagP99, other.sendLagP99)
            kernelToUserP99 = max(kernelToUserP99, other.kernelToUserP99)
        }
    }

    private let figures = Mutex(Figures())

    init() {}

    public var now: Figures {
        figures.withLock { $0 }
    }

    func set(_ new: Figures) {
        figures.withLock { $0 = new }
    }
}

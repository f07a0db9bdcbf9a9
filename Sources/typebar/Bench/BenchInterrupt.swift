// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization
internal import UnixSignals

/// Ctrl-C: the first ends the run, whose report is written; the second ends the process.
final class BenchInterrupt: Sendable {
    private struct State {
        var isSet = false
        var handler: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// From now on signals come here.
    static func watch() async -> BenchInterrupt {
        let interrupt = BenchInterrupt()
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        Task {
            for await _ in signals { interrupt.arrive() }
        }
        return interrupt
    }

    var isSet: Bool {
        state.withLock { $0.isSet }
    }

    /// What the next interrupt calls, in the place of what was told before; at once, if it has come already.
    func handle(_ handler: @escaping @Sendable () -> Void) {
        let isSet = state.withLock { state -> Bool in
            state.handler = handler
            return state.isSet
        }
        if isSet { handler() }
    }

    private func arrive() {
        let handler = state.withLock { state -> (@Sendable () -> Void)? in
            if state.isSet { Glibc.exit(130) }
            state.isSet = true
            return state.handler
        }
        handler?()
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Starts threads of the system.
public enum SystemThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Runs `body` on a new thread; nil where there is none to be had. Join it with `pthread_join`.
    public static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
        var thread = pthread_t()
        // The new thread takes over this reference; where there is no thread, it is given back below.
        let context = Unmanaged.passRetained(Body(body))
        let code = pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            context.toOpaque()
        )
        guard code == 0 else {
            context.release()
            errno = code
            return nil
        }
        return thread
    }
}

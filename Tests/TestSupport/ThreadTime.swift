// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The processor time of a thread: what else the machine does meanwhile, and there is always something, is not in it.
public enum ThreadTime {
    /// How much of it `work` takes, which must not wait for another thread.
    public static func spent(on work: () throws -> Void) rethrows -> Duration {
        let start = soFar
        try work()
        return soFar - start
    }

    private static var soFar: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import Typewriter

/// epoll, and the one timer in its set. Edge-triggered: what is ready is told once.
struct EventPoll: ~Copyable {
    /// The most events of one wait.
    private static let batch = 1024
    /// The token of the timer, and of what wakes the loop: nothing but a reason to look around.
    static let wakeToken = UInt64.max

    private let epoll: CInt
    private let timer: CInt
    private let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: batch)
    private var armed = Nanoseconds.max

    /// - Parameter wakeUp: A descriptor that ends a wait when it becomes readable.
    init(wakeUp: CInt) throws(LoadFailure) {
        epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
        timer = clinux_timer()
        events.initialize(repeating: epoll_event())
        guard epoll >= 0, timer >= 0, wakeUp >= 0 else {
            throw LoadFailure(description: "no epoll or timer: \(String(cString: strerror(errno))); see `ulimit -n`")
        }
        watch(timer, token: Self.wakeToken)
        watch(wakeUp, token: Self.wakeToken)
    }

    deinit {
        if epoll >= 0 { close(epoll) }
        if timer >= 0 { close(timer) }
        events.deallocate()
    }

    /// Tells of `descriptor` from now on, and until it is closed. False where the kernel has no room for it.
    @discardableResult
    func watch(_ descriptor: CInt, token: UInt64) -> Bool {
        let interest = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        // The timer is never read, and need not be: setting it anew, or its next expiry, makes another edge.
        var event = epoll_event(events: interest, data: epoll_data_t(u64: token))
        return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0
    }

    /// Ends a wait at `time` of the monotonic clock.
    mutating func arm(at time: Nanoseconds) {
        guard time != armed else { return }
        armed = time
        clinux_timer_set(timer, time)
    }

    /// What became ready, until the next call.
    ///
    /// - Parameter milliseconds: The longest wait; negative: until something comes.
    @inline(__always)
    func wait(milliseconds: CInt) -> UnsafeMutableBufferPointer<epoll_event>.SubSequence {
        events[..<max(0, Int(epoll_wait(epoll, events.baseAddress, CInt(events.count), milliseconds)))]
    }
}

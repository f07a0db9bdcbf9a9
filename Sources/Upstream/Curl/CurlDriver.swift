// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import CLinux
internal import Glibc

/// The reactor's thread: one multi handle, driven by epoll. Never leaves that thread.
///
/// Rules that libcurl imposes, and where they are kept: no handle is touched inside a callback (callbacks only note
/// what they are told); a deadline is kept until it fires or is replaced; a descriptor leaves epoll where it is
/// closed; messages are copied before the next call.
final class CurlDriver {
    /// What has to exist before the thread does, so that its absence can be told to the caller.
    // Sendable is not checked, for the raw pointer: `CurlReactor.init` makes this, gives it to the closure of the thread
    // that it starts, and keeps nothing of it. So the pointer has one owner at a time.
    struct Ingredients: @unchecked Sendable {
        let multi: UnsafeMutableRawPointer
        let epoll: CInt
        let commands: CommandQueue

        init(commands: CommandQueue) throws(CurlReactor.StartFailure) {
            guard let multi = curl_multi_init() else { throw .init(description: "libcurl has no multi handle") }
            let epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
            guard epoll >= 0 else { throw .init(description: "no epoll: \(String(cString: strerror(errno)))") }
            self.multi = multi
            self.epoll = epoll
            self.commands = commands
        }
    }

    /// Bounds a turn, so that one crowd of sockets does not delay the others' commands.
    private static let eventsPerTurn = 64
    /// How many connections may wait for their next transfer. libcurl looks through them once a second.
    private static let restingConnections = 256

    private let multi: UnsafeMutableRawPointer
    private let epoll: CInt
    /// Its other half is what the transfers tell: which of them have paused.
    let queue: CommandQueue
    private var commands: [CommandQueue.Command] = []
    private var transfers: [TransferID: CurlTransfer] = [:]
    private var watched: Set<CInt> = []
    /// When libcurl wants to be called, on the monotonic clock in milliseconds.
    private var deadline: Int?
    private var isRunning = true

    init(_ ingredients: Ingredients) {
        self.multi = ingredients.multi
        self.epoll = ingredients.epoll
        self.queue = ingredients.commands
        installCallbacks()
    }

    /// Serves until it is told to shut down.
    func run() {
        var interest = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: queue.wakeUp))
        epoll_ctl(epoll, EPOLL_CTL_ADD, queue.wakeUp, &interest)
        var events = [epoll_event](repeating: epoll_event(), count: Self.eventsPerTurn)
        while isRunning {
            let count = epoll_wait(epoll, &events, CInt(events.count), timeout())
            for event in events.prefix(max(0, Int(count))) {
                if event.data.fd == queue.wakeUp { queue.clearWakeUp() } else { act(on: event) }
            }
            if let deadline, deadline <= Self.now() {
                self.deadline = nil
                act(on: CURL_SOCKET_TIMEOUT, mask: 0)
            }
            carryOutCommands()
            reapFinished()
            deliver()
        }
        shutDown()
    }

    // MARK: Turns

    private func act(on event: epoll_event) {
        // An earlier event of this turn may have closed the descriptor, or a new connection may have its number.
        guard watched.contains(event.data.fd) else { return }
        var mask: CInt = 0
        if event.events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
        if event.events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
        // With the input, so that what came before the error is still read.
        if event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR | CURL_CSELECT_IN }
        act(on: event.data.fd, mask: mask)
    }

    private func act(on descriptor: curl_socket_t, mask: CInt) {
        var running: CInt = 0
        let code = curl_multi_socket_action(multi, descriptor, mask, &running)
        // After such an error libcurl promises nothing about any transfer: end them rather than let them hang.
        if code != CURLM_OK { endAll(.reset("libcurl failed: \(String(cString: curl_multi_strerror(code)))")) }
    }

    private func carryOutCommands() {
        repeat {
            queue.take(&commands)
            for command in commands { carryOut(command) }
            // Meanwhile a transfer may have paused.
        } while !commands.isEmpty && queue.hasPausedTransfers
    }

    private func carryOut(_ command: CommandQueue.Command) {
        switch command {
        case .start(let id, let request, let mailbox): start(id, request, mailbox)
        case .acknowledge(let id, let bytes): transfers[id]?.acknowledge(bytes)
        case .cancel(let id): remove(id)
        case .shutDown: isRunning = false
        }
    }

    private func start(_ id: TransferID, _ request: TransferRequest, _ mailbox: any TransferMailbox) {
        guard let transfer = CurlTransfer(id: id, request: request, mailbox: mailbox, driver: self) else {
            mailbox.deliver([TransferDelivery(id: id, part: .ended(.refused("libcurl has no handle to spare.")))])
            return
        }
        transfers[id] = transfer
        boundPool()
        let code = curl_multi_add_handle(multi, transfer.easy)
        if code != CURLM_OK { transfer.end(.refused(String(cString: curl_multi_strerror(code)))) }
    }

    private func reapFinished() {
        var easy: UnsafeMutableRawPointer?
        var result = CURLE_OK
        while ccurl_multi_next_done(multi, &easy, &result) {
            guard let easy, let transfer = CurlTransfer.of(easy) else { continue }
            transfer.finished(result)
        }
    }

    /// Hands over what this turn has brought, one call for each mailbox.
    private func deliver() {
        guard !pendingTransfers.isEmpty else { return }
        var ended: [TransferID] = []
        for transfer in pendingTransfers where !transfer.isCleanedUp {
            transfer.isPending = false
            if transfer.hasEnded { ended.append(transfer.id) }
            // There are as many mailboxes as event loops: few.
            if let batch = batches.firstIndex(where: { $0.mailbox === transfer.mailbox }) {
                transfer.moveParts(to: &batches[batch].parts)
            } else {
                batches.append((transfer.mailbox, []))
                transfer.moveParts(to: &batches[batches.count - 1].parts)
            }
        }
        pendingTransfers.removeAll(keepingCapacity: true)
        // Before the ended ones are taken away: their connections take time to close, and tokens are waited for.
        for batch in batches { batch.mailbox.deliver(batch.parts) }
        batches.removeAll(keepingCapacity: true)
        for id in ended { remove(id) }
    }

    /// The transfers that have something to deliver, and what they have.
    private var pendingTransfers: [CurlTransfer] = []
    private var batches: [(mailbox: any TransferMailbox, parts: [TransferDelivery])] = []

    /// A transfer has something to deliver at the end of this turn.
    func notePending(_ transfer: CurlTransfer) {
        guard !transfer.isPending else { return }
        transfer.isPending = true
        pendingTransfers.append(transfer)
    }

    private func remove(_ id: TransferID) {
        guard let transfer = transfers.removeValue(forKey: id) else { return }
        // It may still be in the list of pending ones, which passes over it: to look for it there would cost each of
        // thousands that end at once a walk along all the others.
        curl_multi_remove_handle(multi, transfer.easy)
        transfer.cleanUp()
        boundPool()
    }

    /// libcurl's limit counts the connections in use as well. When it is reached, each transfer that ends makes libcurl
    /// search all of them for the oldest at rest.
    private func boundPool() {
        ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, transfers.count + Self.restingConnections)
    }

    private func endAll(_ end: TransferPart.End) {
        for transfer in transfers.values { transfer.end(end) }
    }

    private func shutDown() {
        endAll(.reset("The gateway is shutting down."))
        deliver()
        curl_multi_cleanup(multi)
        close(epoll)
    }

    // MARK: What libcurl asks for

    private func installCallbacks() {
        // The driver outlives the multi handle: `run` cleans that up before it returns.
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        ccurl_multi_set_socket_callback(multi) { _, descriptor, what, context, _ in
            CurlDriver.from(context)?.watch(descriptor, what)
            return 0
        }
        ccurl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        ccurl_multi_set_timer_callback(multi) { _, milliseconds, context in
            CurlDriver.from(context)?.deadline = milliseconds < 0 ? nil : CurlDriver.now() + milliseconds
            return 0
        }
    }

    static func from(_ context: UnsafeMutableRawPointer?) -> CurlDriver? {
        context.map { Unmanaged<CurlDriver>.fromOpaque($0).takeUnretainedValue() }
    }

    private func watch(_ descriptor: curl_socket_t, _ what: CInt) {
        guard what != CURL_POLL_REMOVE else { return unwatch(descriptor) }
        var interest = epoll_event(events: 0, data: epoll_data_t(fd: descriptor))
        if what & CURL_POLL_IN != 0 { interest.events |= EPOLLIN.rawValue }
        if what & CURL_POLL_OUT != 0 { interest.events |= EPOLLOUT.rawValue }
        let isNew = watched.insert(descriptor).inserted
        let code = epoll_ctl(epoll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &interest)
        if code != 0 { epoll_ctl(epoll, isNew ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, &interest) }
    }

    private func unwatch(_ descriptor: CInt) {
        guard watched.remove(descriptor) != nil else { return }
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    }

    /// The one place where a descriptor is closed, after it has left epoll: elsewhere its number might be another's.
    func closeSocket(_ descriptor: curl_socket_t) {
        unwatch(descriptor)
        close(descriptor)
    }

    // MARK: Time

    private func timeout() -> CInt {
        guard let deadline else { return -1 }
        return CInt(clamping: max(0, deadline - Self.now()))
    }

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

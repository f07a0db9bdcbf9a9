// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import CLinux
internal import Glibc
internal import Synchronization

/// Carries out transfers on a thread of its own, with libcurl and epoll. Its face is safe to call from any thread.
///
/// The reader grants credit: a transfer whose delivered bytes are not acknowledged stops reading its socket, so a
/// slow reader slows its upstream and nobody else.
public final class CurlReactor: Sendable {
    /// Why there is no reactor.
    public struct StartFailure: Error, CustomStringConvertible {
        public let description: String
    }

    enum Command: Sendable {
        case start(TransferID, TransferRequest, any TransferMailbox)
        case acknowledge(TransferID, bytes: Int)
        case cancel(TransferID)
        case shutDown
    }

    private let commands = Mutex<[Command]>([])
    private let nextID = Atomic<TransferID>(1)
    private let wakeUp: CInt
    private let thread: Mutex<pthread_t?>

    /// Prepares libcurl for the process. Call once, from main, before any thread.
    public static func prepareProcess() throws(StartFailure) {
        let code = ccurl_global_init()
        guard code == CURLE_OK else {
            throw StartFailure(description: "libcurl does not start: \(String(cString: curl_easy_strerror(code)))")
        }
    }

    /// Starts the thread.
    public init() throws(StartFailure) {
        wakeUp = eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK))
        thread = Mutex(nil)
        guard wakeUp >= 0 else { throw StartFailure(description: "no eventfd: \(String(cString: strerror(errno)))") }
        let driver = try CurlDriver.Ingredients(wakeUp: wakeUp)
        let started = SystemThread.start { [self] in
            let driver = CurlDriver(driver, takeCommands: { self.takeCommands() })
            driver.run()
        }
        guard let started else { throw StartFailure(description: "no thread: \(String(cString: strerror(errno)))") }
        thread.withLock { $0 = started }
    }

    deinit {
        close(wakeUp)
    }

    /// Begins a transfer, whose parts go to `mailbox`.
    public func start(_ request: TransferRequest, deliveringTo mailbox: any TransferMailbox) -> TransferID {
        let id = nextID.add(1, ordering: .relaxed).oldValue
        send(.start(id, request, mailbox))
        return id
    }

    /// The reader has done with so many bytes, and takes as many more.
    public func acknowledge(_ id: TransferID, bytes: Int) {
        send(.acknowledge(id, bytes: bytes))
    }

    /// Ends a transfer now; nothing more of it is delivered, but for what is on its way.
    public func cancel(_ id: TransferID) {
        send(.cancel(id))
    }

    /// Ends all transfers and the thread.
    public func shutDown() {
        send(.shutDown)
        let running = thread.withLock { thread -> pthread_t? in
            defer { thread = nil }
            return thread
        }
        if let running { pthread_join(running, nil) }
    }

    private func send(_ command: Command) {
        let isFirst = commands.withLock { commands in
            commands.append(command)
            return commands.count == 1
        }
        if isFirst { eventfd_write(wakeUp, 1) }
    }

    private func takeCommands() -> [Command] {
        var count: eventfd_t = 0
        eventfd_read(wakeUp, &count)
        return commands.withLock { commands in
            defer { commands.removeAll() }
            return commands
        }
    }
}

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

    private let commands: CommandQueue
    private let nextID = Atomic<TransferID>(1)
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
        guard let commands = CommandQueue() else {
            throw StartFailure(description: "no eventfd: \(String(cString: strerror(errno)))")
        }
        self.commands = commands
        thread = Mutex(nil)
        let driver = try CurlDriver.Ingredients(commands: commands)
        let started = SystemThread.start { CurlDriver(driver).run() }
        guard let started else { throw StartFailure(description: "no thread: \(String(cString: strerror(errno)))") }
        thread.withLock { $0 = started }
    }

    /// Begins a transfer, whose parts go to `mailbox`.
    public func start(_ request: TransferRequest, deliveringTo mailbox: any TransferMailbox) -> TransferID {
        let id = nextID.add(1, ordering: .relaxed).oldValue
        commands.send(.start(id, request, mailbox))
        return id
    }

    /// The reader has done with so many bytes, and takes as many more.
    public func acknowledge(_ id: TransferID, bytes: Int) {
        commands.send(.acknowledge(id, bytes: bytes))
    }

    /// Ends a transfer now; nothing more of it is delivered, but for what is on its way.
    public func cancel(_ id: TransferID) {
        commands.send(.cancel(id))
    }

    /// Ends all transfers and the thread.
    public func shutDown() {
        commands.send(.shutDown)
        let running = thread.withLock { thread -> pthread_t? in
            defer { thread = nil }
            return thread
        }
        if let running { pthread_join(running, nil) }
    }
}

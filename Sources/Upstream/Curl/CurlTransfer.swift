// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Glibc

/// One transfer on the reactor's thread: its easy handle, and all memory that libcurl keeps pointers to.
final class CurlTransfer {
    /// What may be delivered without being acknowledged; then the socket is not read any more.
    private static let window = 128 << 10

    let id: TransferID
    let easy: UnsafeMutableRawPointer
    let mailbox: any TransferMailbox
    /// It is in the driver's list of those that have something to deliver.
    var isPending = false
    private(set) var hasEnded = false
    /// It has left the multi handle, and its own handle is freed.
    private(set) var isCleanedUp = false
    unowned let driver: CurlDriver
    private let connection: ConnectionSettings
    private var parts: [TransferPart] = []
    /// Bytes of the answer that wait for this turn's end.
    private var received: [UInt8] = []
    private var body: UploadBody
    private var unacknowledged = 0
    private var isPaused = false
    private var head = HeadCollector()
    private var hasHead = false
    private var hasRequested = false
    private var isOnReusedConnection = false
    /// libcurl keeps pointers to these two until ``cleanUp()``.
    let errorText: UnsafeMutablePointer<CChar>
    var fieldList: UnsafeMutablePointer<curl_slist>?

    init?(id: TransferID, request: TransferRequest, mailbox: any TransferMailbox, driver: CurlDriver) {
        guard let easy = curl_easy_init() else { return nil }
        self.id = id
        self.easy = easy
        self.mailbox = mailbox
        self.driver = driver
        connection = request.connection
        body = UploadBody(request.method == .post ? request.body : [])
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        configure(request)
        installCallbacks()
    }

    /// The transfer that owns `easy`.
    static func of(_ easy: UnsafeMutableRawPointer) -> CurlTransfer? {
        var context: UnsafeMutableRawPointer?
        ccurl_get_pointer(easy, CURLINFO_PRIVATE, &context)
        return from(context)
    }

    /// Frees what libcurl used. Call after the handle has left the multi handle.
    func cleanUp() {
        isCleanedUp = true
        flow()
        curl_easy_cleanup(easy)
        curl_slist_free_all(fieldList)
        fieldList = nil
        errorText.deallocate()
    }

    // MARK: What the driver tells

    func acknowledge(_ bytes: Int) {
        unacknowledged -= bytes
        guard isPaused, unacknowledged < Self.window / 2 else { return }
        flow()
        // libcurl calls the body callback inside this call, so the state above says "flowing" already.
        curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    private func pause() {
        guard !isPaused else { return }
        isPaused = true
        driver.queue.transferPaused()
    }

    private func flow() {
        guard isPaused else { return }
        isPaused = false
        driver.queue.transferResumed()
    }

    func finished(_ result: CURLcode) {
        guard result != CURLE_OK else { return end(.complete) }
        let own = String(cString: errorText)
        let reason = own.isEmpty ? String(cString: curl_easy_strerror(result)) : own
        switch result {
        case CURLE_OPERATION_TIMEDOUT where !hasHead: end(.connectTimedOut)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: end(.notHTTP(reason))
        // The callback of the body takes everything, so this is the one of the head.
        case CURLE_WRITE_ERROR: end(.notHTTP("The head is longer than \(HeadCollector.limit) bytes."))
        case CURLE_SEND_FAIL_REWIND, CURLE_ABORTED_BY_CALLBACK:
            end(.reset("The connection was lost before the answer began, and the request is not sent twice."))
        case CURLE_SSL_CERTPROBLEM: end(.refused("\(connection.certificateFile ?? "") cannot be used: \(reason)"))
        default: end(hasRequested ? .reset(reason) : .refused(reason))
        }
    }

    func end(_ end: TransferPart.End) {
        guard !hasEnded else { return }
        flushBody()
        hasEnded = true
        parts.append(.ended(end))
        driver.notePending(self)
    }

    /// Hands over all parts that there are.
    func moveParts(to batch: inout [TransferDelivery]) {
        for part in parts { batch.append(delivery(of: part)) }
        if !parts.isEmpty { parts = [] }
        guard !received.isEmpty else { return }
        batch.append(delivery(of: .body(received)))
        received = []
    }

    private func delivery(of part: TransferPart) -> TransferDelivery {
        TransferDelivery(id: id, part: part, isOnReusedConnection: isOnReusedConnection)
    }

    private func flushBody() {
        guard !received.isEmpty else { return }
        parts.append(.body(received))
        received = []
    }

    // MARK: What libcurl tells

    func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard unacknowledged < Self.window else {
            pause()
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        unacknowledged += bytes.count
        received.append(contentsOf: bytes)
        driver.notePending(self)
        return bytes.count
    }

    /// One line of a response head, interim heads and trailers included. False gives the transfer up.
    func receiveHeadLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let isEndOfHead = head.take(bytes, isKept: !hasHead) else { return false }
        guard isEndOfHead else { return true }
        var status = 0
        ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        guard status >= 200 else { return true }
        hasHead = true
        parts.append(.answered(head.finish(status: status)))
        driver.notePending(self)
        return true
    }

    /// Before each sending of the request, on a connection that stands. False gives the transfer up.
    func mayRequest() -> Bool {
        // libcurl has tried before, and that connection died.
        guard !hasRequested || body.isWhole else { return false }
        hasRequested = true
        var connects = 0
        ccurl_get_long(easy, CURLINFO_NUM_CONNECTS, &connects)
        isOnReusedConnection = connects == 0
        return true
    }

    func readBody(into target: UnsafeMutableRawBufferPointer) -> Int {
        body.read(into: target)
    }

    /// Whether libcurl may begin the body anew.
    func mayRewind() -> Bool {
        body.isWhole
    }

    static func from(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }
}

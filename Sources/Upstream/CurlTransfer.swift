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
    private unowned let driver: CurlDriver
    private var parts: [TransferPart] = []
    /// Bytes of the body that wait for this turn's end.
    private var body: [UInt8] = []
    private var unacknowledged = 0
    private var isPaused = false
    private var contentType = ""
    private var hasHead = false
    /// libcurl keeps pointers to these three until ``cleanUp()``.
    private let postFields: UnsafeMutableBufferPointer<UInt8>
    private let errorText: UnsafeMutablePointer<CChar>
    private var fieldList: UnsafeMutablePointer<curl_slist>?

    init?(id: TransferID, request: TransferRequest, mailbox: any TransferMailbox, driver: CurlDriver) {
        guard let easy = curl_easy_init() else { return nil }
        self.id = id
        self.easy = easy
        self.mailbox = mailbox
        self.driver = driver
        postFields = .allocate(capacity: max(request.body.count, 1))
        _ = postFields.initialize(from: request.body)
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
        curl_easy_cleanup(easy)
        curl_slist_free_all(fieldList)
        fieldList = nil
        postFields.deallocate()
        errorText.deallocate()
    }

    // MARK: What the driver tells

    func acknowledge(_ bytes: Int) {
        unacknowledged -= bytes
        guard isPaused, unacknowledged < Self.window / 2 else { return }
        isPaused = false
        // libcurl calls the body callback inside this call, so the state above says "flowing" already.
        curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    func finished(_ result: CURLcode) {
        guard result != CURLE_OK else { return end(.complete) }
        let own = String(cString: errorText)
        let reason = own.isEmpty ? String(cString: curl_easy_strerror(result)) : own
        switch result {
        case CURLE_OPERATION_TIMEDOUT where !hasHead: end(.connectTimedOut)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: end(.notHTTP(reason))
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE: end(.reset(reason))
        default: end(hasHead ? .reset(reason) : .refused(reason))
        }
    }

    func end(_ end: TransferPart.End) {
        guard !hasEnded else { return }
        flushBody()
        hasEnded = true
        parts.append(.ended(end))
        driver.notePending(self)
    }

    func takeParts() -> [TransferDelivery] {
        flushBody()
        defer { parts = [] }
        return parts.map { TransferDelivery(id: id, part: $0) }
    }

    private func flushBody() {
        guard !body.isEmpty else { return }
        parts.append(.body(body))
        body = []
    }

    // MARK: What libcurl tells

    private func received(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard unacknowledged < Self.window else {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        unacknowledged += bytes.count
        body.append(contentsOf: bytes)
        driver.notePending(self)
        return bytes.count
    }

    /// One line of a response head, interim heads and trailers included.
    private func receivedHeadLine(_ bytes: UnsafeRawBufferPointer) {
        guard !hasHead else { return }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") { contentType = "" }
        if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), line[..<colon].lowercased() == "content-type" {
            let value = line[line.utf8.index(after: colon)...].drop { $0.isWhitespace }
            contentType = String(value.prefix { !$0.isNewline })
        }
        guard line == "\r\n" || line == "\n" else { return }
        var status = 0
        ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        guard status >= 200 else { return }
        hasHead = true
        parts.append(.head(status: status, contentType: contentType))
        driver.notePending(self)
    }

    // MARK: Setting up

    private func configure(_ request: TransferRequest) {
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // Without it, a hanging name lookup that is given up blocks the whole thread until it returns.
        ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
        ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        // A redirect would carry the key to where nobody meant it to go.
        ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        // A paused HTTP/2 stream makes libcurl buffer tens of megabytes; a paused HTTP/1.1 stream costs nothing.
        ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // On a pooled connection that has died libcurl sends a POST twice, and a paid answer would be paid twice.
        ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, 1)
        ccurl_set_long(easy, CURLOPT_FORBID_REUSE, 1)
        ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, request.connectMilliseconds)
        ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        ccurl_set_string(easy, CURLOPT_URL, request.url)
        ccurl_set_long(easy, CURLOPT_POST, 1)
        ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
        ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, postFields.baseAddress)
        // An empty Expect spares the wait for 100 Continue before a large body.
        for line in request.fields.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
            fieldList = curl_slist_append(fieldList, line)
        }
        ccurl_set_list(easy, CURLOPT_HTTPHEADER, fieldList)
    }

    private func installCallbacks() {
        // The driver holds the transfer until its handle has left the multi handle, and no callback comes after that.
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_PRIVATE, context)
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        ccurl_set_bytes_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            CurlTransfer.from(context)?.received(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        ccurl_set_bytes_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            CurlTransfer.from(context)?
                .receivedHeadLine(UnsafeRawBufferPointer(start: bytes, count: size * count))
            return size * count
        }
        // The driver's pointer, not this transfer's: a socket may be closed after its transfer is gone.
        ccurl_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, Unmanaged.passUnretained(driver).toOpaque())
        ccurl_set_close_callback(easy) { context, descriptor in
            CurlDriver.from(context)?.closeSocket(descriptor)
            return 0
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CCurl

extension CurlTransfer {
    func configure(_ request: TransferRequest) {
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // Without it, a hanging name lookup that is given up blocks the whole thread until it returns.
        ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
        ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        // A redirect would carry the key to where nobody meant it to go.
        ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, request.connectMilliseconds)
        ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        ccurl_set_string(easy, CURLOPT_URL, request.url)
        configureTrust(request.connection)
        configureRoute(request)
        configureMethod(request)
        // An empty Expect spares the wait for 100 Continue before a large body.
        for line in request.fields.map({ "\($0.name): \($0.value)" }) + ["Expect:"] {
            fieldList = curl_slist_append(fieldList, line)
        }
        ccurl_set_list(easy, CURLOPT_HTTPHEADER, fieldList)
    }

    private func configureTrust(_ connection: ConnectionSettings) {
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        if let file = connection.caFile {
            ccurl_set_string(easy, CURLOPT_CAINFO, file)
            // Otherwise the system's directory of certificates is trusted beside the file.
            ccurl_set_string(easy, CURLOPT_CAPATH, nil)
        }
        if let file = connection.certificateFile {
            ccurl_set_string(easy, CURLOPT_SSLCERT, file)
            ccurl_set_string(easy, CURLOPT_SSLKEY, connection.keyFile ?? file)
        }
    }

    private func configureRoute(_ request: TransferRequest) {
        let connection = request.connection
        // Both are always set, so that the environment decides nothing.
        ccurl_set_string(easy, CURLOPT_PROXY, connection.proxy ?? "")
        ccurl_set_string(easy, CURLOPT_NOPROXY, "")
        // The head with which a proxy opens a tunnel is not the answer's.
        ccurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        switch connection.httpVersion {
        case .http1: ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        case .http2:
            let version = request.isSecure ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE
            ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(version))
            // Rather a stream on the connection that is being made than a connection of its own.
            ccurl_set_long(easy, CURLOPT_PIPEWAIT, 1)
        }
        configureReuse(request)
    }

    private func configureReuse(_ request: TransferRequest) {
        let connection = request.connection
        // libcurl 7.88.1 fails every stream but the first on a connection of HTTP/2 by prior knowledge.
        let isBroken = connection.httpVersion == .http2 && !request.isSecure
        ccurl_set_long(easy, CURLOPT_MAXAGE_CONN, connection.reuseSeconds)
        if connection.reuseSeconds <= 0 || isBroken {
            ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, 1)
            ccurl_set_long(easy, CURLOPT_FORBID_REUSE, 1)
        } else if request.method == .post, request.body.isEmpty {
            // Without a body there is nothing that keeps libcurl from sending it twice.
            ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, 1)
        }
    }

    private func configureMethod(_ request: TransferRequest) {
        guard request.method == .post else {
            ccurl_set_long(easy, CURLOPT_HTTPGET, 1)
            if request.method == .delete { ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, "DELETE") }
            return
        }
        ccurl_set_long(easy, CURLOPT_POST, 1)
        ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
        // The least that libcurl allows: each upload has a buffer of this size for as long as the transfer lives.
        ccurl_set_long(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16 << 10)
    }

    func installCallbacks() {
        // The driver holds the transfer until its handle has left the multi handle, and no callback comes after that.
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_PRIVATE, context)
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        ccurl_set_bytes_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            CurlTransfer.from(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        ccurl_set_bytes_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return CurlTransfer.from(context)?.receiveHeadLine(line) == true ? line.count : 0
        }
        installRequestCallbacks(context)
        // The driver's pointer, not this transfer's: a socket may be closed after its transfer is gone.
        ccurl_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, Unmanaged.passUnretained(driver).toOpaque())
        ccurl_set_close_callback(easy) { context, descriptor in
            CurlDriver.from(context)?.closeSocket(descriptor)
            return 0
        }
    }

    private func installRequestCallbacks(_ context: UnsafeMutableRawPointer) {
        ccurl_set_pointer(easy, CURLOPT_READDATA, context)
        ccurl_set_bytes_callback(easy, CURLOPT_READFUNCTION) { bytes, size, count, context in
            let target = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
            return CurlTransfer.from(context)?.readBody(into: target) ?? 0
        }
        ccurl_set_pointer(easy, CURLOPT_SEEKDATA, context)
        ccurl_set_seek_callback(easy) { context, _, _ in
            CurlTransfer.from(context)?.mayRewind() == true ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
        }
        // Asks for each attempt: libcurl does not rewind a body that it has read but not yet got rid of.
        ccurl_set_pointer(easy, CURLOPT_PREREQDATA, context)
        ccurl_set_request_callback(easy) { context, _, _, _, _ in
            CurlTransfer.from(context)?.mayRequest() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
    }
}

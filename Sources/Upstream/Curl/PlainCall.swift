// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// One HTTP call that blocks until it is answered: for the command line, never for the server.
public struct PlainCall {
    /// Why there is no answer.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// What came back.
    public struct Answer: Sendable {
        public var status: Int
        public var body: [UInt8]
    }

    /// Collects a body while libcurl calls back.
    private final class Body {
        var bytes: [UInt8] = []
    }

    private static let timeoutMilliseconds = 10_000

    private let method: String
    private let url: String
    private let bearer: String?
    private let body: [UInt8]?
    private let caFile: String?

    /// - Parameters:
    ///   - bearer: A key, sent as a bearer token.
    ///   - body: Sent as it is; nil sends none.
    ///   - caFile: Certificates that are trusted in the place of the system's, PEM.
    public init(method: String, url: String, bearer: String? = nil, body: [UInt8]? = nil, caFile: String? = nil) {
        self.caFile = caFile
        self.method = method
        self.url = url
        self.bearer = bearer
        self.body = body
    }

    /// Makes the call. Calls no proxy: what it asks is near.
    public func perform() throws(Failure) -> Answer {
        guard ccurl_global_init() == CURLE_OK, let easy = curl_easy_init() else {
            throw Failure(description: "libcurl cannot be used")
        }
        defer { curl_easy_cleanup(easy) }
        var fields: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(fields) }
        if let bearer { fields = curl_slist_append(fields, "Authorization: Bearer \(bearer)") }
        fields = curl_slist_append(fields, "Content-Type: application/json")
        fields = curl_slist_append(fields, "Expect:")
        ccurl_set_string(easy, CURLOPT_URL, url)
        ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, method)
        ccurl_set_string(easy, CURLOPT_NOPROXY, "*")
        ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, Self.timeoutMilliseconds)
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        ccurl_set_list(easy, CURLOPT_HTTPHEADER, fields)
        if let caFile { ccurl_set_string(easy, CURLOPT_CAINFO, caFile) }
        if let body {
            ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            _ = body.withUnsafeBufferPointer { bytes in
                // libcurl copies them here, so the pointer is not needed later.
                ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            }
        }
        return try collect(easy)
    }

    private func collect(_ easy: UnsafeMutableRawPointer) throws(Failure) -> Answer {
        let answer = Body()
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, Unmanaged.passUnretained(answer).toOpaque())
        ccurl_set_bytes_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, user in
            guard let user else { return 0 }
            let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
            Unmanaged<Body>.fromOpaque(user).takeUnretainedValue().bytes.append(contentsOf: part)
            return size * count
        }
        let result = withExtendedLifetime(answer) { curl_easy_perform(easy) }
        guard result == CURLE_OK else {
            throw Failure(description: "\(url) does not answer: \(String(cString: curl_easy_strerror(result)))")
        }
        var status = 0
        ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return Answer(status: status, body: answer.bytes)
    }
}

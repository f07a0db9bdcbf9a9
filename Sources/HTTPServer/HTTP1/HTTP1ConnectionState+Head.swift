// SPDX-License-Identifier: Apache-2.0

internal import NIOHTTP1

extension HTTP1ConnectionState.Head {
    /// What the state has to know of a head that the parser has found valid.
    init(_ head: HTTPRequestHead) {
        let hosts = head.headers["host"]
        self.init(
            isVersion1_0: head.version == .http1_0,
            // After an upgrade the parser takes no further request, and this server offers none.
            keepsAlive: head.isKeepAlive && head.method != .CONNECT && !head.headers.contains(name: "upgrade"),
            contentLength: head.headers.first(name: "content-length").flatMap { Int($0) },
            isChunked: head.headers.contains(name: "transfer-encoding"),
            expectation: head.headers.first(name: "expect"),
            targetLength: head.uri.utf8.count,
            hasHost: hosts.count == 1
        )
    }
}

// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import HTTPTypes
import Testing

struct ServerRequestTests {
    @Test(
        arguments: [
            ("/chat", "/chat", nil), ("/chat?", "/chat", ""), ("/chat?a=b?c", "/chat", "a=b?c"),
            ("*", "*", nil),
            ("http://host:1/chat?q", "/chat", "q"), ("HTTPS://host/x", "/x", nil),
            ("http://host", "/", nil),
            ("/http://host/a", "/http://host/a", nil), ("/%3F?%3F", "/%3F", "%3F"),
        ] as [(String, String, String?)]
    )
    func `a target is a path and a query, in either form`(
        target: String,
        path: String,
        query: String?
    ) {
        let request = ServerRequest(method: .get, target: target, fields: [:])
        #expect(request.path == path)
        #expect(request.query == query)
    }

    @Test
    func `a query of a bare host is not lost`() {
        #expect(ServerRequest(method: .get, target: "http://host?q", fields: [:]).query == "q")
    }
}

// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct TargetTests {
    @Test(arguments: [
        ("http://h", "h", 80, "/", "h"),
        ("http://127.0.0.1:8080/v1/messages", "127.0.0.1", 8080, "/v1/messages", "127.0.0.1:8080"),
        ("HTTP://Some-Host.example:80/a?b=c&d#e", "Some-Host.example", 80, "/a?b=c&d", "Some-Host.example"),
        ("http://h?x=1", "h", 80, "/?x=1", "h"),
        ("http://[::1]:9/a", "::1", 9, "/a", "[::1]:9"),
        ("http://[fe80::1]", "fe80::1", 80, "/", "[fe80::1]"),
        ("http://h/a b/\u{E9}%20", "h", 80, "/a%20b/%C3%A9%20", "h"),
        ("http://h/a://b@c", "h", 80, "/a://b@c", "h"),
    ])
    func `an address is taken apart`(url: String, host: String, port: UInt16, path: String, authority: String) throws {
        let target = try Target(url: url)
        #expect(target.url == url)
        #expect((target.host, target.port, target.path) == (host, port, path))
        #expect(target.authority == authority && !target.isSecure)
    }

    @Test(arguments: [
        ("https://h/a", 443, "h"), ("HTTPS://h:443/a", 443, "h"), ("https://h:80/a", 80, "h:80"),
        ("https://[::1]:8443/a", 8443, "[::1]:8443"),
    ])
    func `an address over TLS has a port of its own`(url: String, port: UInt16, authority: String) throws {
        let target = try Target(url: url)
        #expect(target.isSecure && target.port == port && target.path == "/a" && target.authority == authority)
    }

    @Test(arguments: [
        ("localhost:8080", "'localhost:8080' has no scheme: try http://localhost:8080"),
        ("ftp://h/", "'ftp://h/' is no address of an HTTP server"),
        ("http://me:secret@h/", "'http://me:secret@h/' holds a user's name or password"),
        ("http://", "'http://' has no host"), ("http:///x", "'http:///x' has no host"),
        ("http://a b/", "'http://a b/' has no host"),
        ("http://h:0/", "the port of"), ("http://h:65536/", "the port of"), ("http://h:x/", "the port of"),
        ("http://[::1/", "'http://[::1/' has a bracket that does not close"), ("http://[::1]x/", "the port of"),
        ("http://h/a\nb", "the path of"), ("", "'' has no scheme"),
    ])
    func `what is no address is refused in words`(url: String, message: String) {
        let problem = #expect(throws: PlanProblem.self) { try Target(url: url) }
        #expect(problem?.description.hasPrefix(message) == true, "\(problem?.description ?? "")")
    }
}

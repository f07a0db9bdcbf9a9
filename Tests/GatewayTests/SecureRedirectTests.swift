// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import HTTPTypes
import TestSupport
import Testing
import WireFormats

@testable import Gateway

struct SecureRedirectTests {
    private static func location(_ host: String?, _ target: String = "/", port: Int = 8443) throws -> String? {
        let request = ServerRequest(method: .get, target: target, fields: [:], host: host)
        let answer = try SecureRedirect.answer(to: request, port: port)
        #expect(answer.status.code == 308)
        return answer.fields[.location]
    }

    @Test(arguments: [
        ("chat.example", "/", 443, "https://chat.example/"),
        (
            "chat.example:80", "/chat/stream?prompt=a%20b&x", 8443,
            "https://chat.example:8443/chat/stream?prompt=a%20b&x"
        ),
        ("127.0.0.1:8080", "/a", 443, "https://127.0.0.1/a"), ("[::1]:8080", "/", 8443, "https://[::1]:8443/"),
        ("[::1]", "/", 443, "https://[::1]/"),
        ("a_b.example", "//evil.example", 443, "https://a_b.example//evil.example"),
        ("chat.example", "http://other.example/x?", 443, "https://chat.example/x?"),
    ])
    func `a request is sent to the same place on the protected port`(
        host: String,
        target: String,
        port: Int,
        location: String
    ) throws {
        #expect(try Self.location(host, target, port: port) == location)
    }

    @Test(
        arguments: [
            nil, "", ":80", "a b", "a/b", "a@b", "a\\b", "a?b", "a#b", "[::1", "::1", "[a.example/]", "[]", "é.example",
            "a\"b", "a:b:c", String(repeating: "a", count: 254),
        ] as [String?]
    )
    func `a host that can stand in no URL is refused`(host: String?) {
        let problem = #expect(throws: RequestProblem.self) { try Self.location(host) }
        #expect(problem?.status == 400)
    }

    @Test func `a target that is no path is refused`() {
        #expect(throws: RequestProblem.self) { try Self.location("a.example", "*") }
    }

    @Test func `whatever the host, the location is of one host and on https`() {
        var dice = Dice(seed: 11)
        let characters = Array("ab.-_:[]@/\\?#%& \r\n0é")
        for _ in 0..<20_000 {
            let host = String(
                (0..<Int.random(in: 0...8, using: &dice)).compactMap { _ in characters.randomElement(using: &dice) }
            )
            guard let location = try? Self.location(host, "/x", port: 443) else { continue }
            let rest = location.dropFirst("https://".count).dropLast("/x".count)
            #expect(location.hasPrefix("https://") && location.hasSuffix("/x"))
            #expect(
                !rest.isEmpty && rest.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._:[]".contains($0)) }
            )
        }
    }
}

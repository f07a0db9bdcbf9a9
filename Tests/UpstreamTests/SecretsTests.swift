// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

@testable import Upstream

struct SecretsTests {
    @Test(arguments: [
        ("Incorrect key: sk-abcdefgh1234.", "Incorrect key: [masked]"),
        ("key=sk-abcdefgh1234 is bad", "[masked] is bad"),
        ("Authorization: Bearer abc", "Authorization: Bearer [masked]"),
        ("bearer  abc", "bearer  [masked]"),
        ("the task-force", "the task-force"),
        ("AIzaSyA1234567890 hf_abcdefghij", "[masked] [masked]"),
        ("line\nsk-abcdefgh1234\nline", "[masked]"),
        ("nothing to hide", "nothing to hide"),
    ])
    func `what looks like a key is masked, the rest is not`(message: String, shown: String) {
        #expect(Secrets.masked(message, key: nil) == shown)
    }

    @Test(arguments: ["my key", "(my key)", "x my key y", "a=my key"])
    func `the upstream's own key is masked wherever it stands, even one with a space`(message: String) {
        #expect(!Secrets.masked(message, key: "my key").contains("my key"))
    }

    @Test
    func `the upstream's own key is masked within a word`() {
        #expect(Secrets.masked("url?k=opensesame&x", key: "opensesame") == "[masked]")
        #expect(Secrets.masked("all", key: "") == "all")
    }

    @Test
    func `a long message is cut, after it was masked`() {
        let shown = Secrets.masked(
            String(repeating: "a ", count: 245) + "opensesame" + String(repeating: "b", count: 100),
            key: "opensesame"
        )
        #expect(!shown.contains("open"))
        #expect(shown.count <= 501)
    }

    @Test(arguments: [
        ("https://h/v1", "https://h/v1/chat/completions"),
        ("https://h/v1/", "https://h/v1/chat/completions"),
        ("https://h/chat/completions", "https://h/chat/completions"),
    ])
    func `the address of an API or of its completions will do`(url: String, asked: String) {
        let endpoint = UpstreamEndpoint(name: "m", url: url, key: "k")
        let transfer = endpoint.transfer(for: EncodedRequest(path: "/chat/completions", body: []))
        #expect(transfer.url == asked)
        #expect(transfer.fields.contains { $0.name == "Authorization" && $0.value == "Bearer k" })
    }
}

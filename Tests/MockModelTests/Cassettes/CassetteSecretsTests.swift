// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import MockModel
import Testing

struct CassetteSecretsTests {
    @Test(arguments: [
        "Authorization", "x-api-key", "Cookie", "set-cookie", "X-Goog-Api-Key", "proxy-authorization", "api-key",
        "x-amz-security-token", "client_secret", "openai-session", "x-mytoken", "X-Token", "x-ratelimit-api-key",
        "x-ratelimit-token-secret", "passwd", "x-ratelimit-token", "api-token-count-key",
    ])
    func `what may bear a secret is never stored, and a file that has it is refused`(name: String) throws {
        #expect(SecretFields.isSecret(name))
        let cassette = Cassette(
            format: .gemini,
            fields: [.init(name: name, value: "hush"), .init(name: "via", value: "x")],
            request: try JSONReader.read(Array(#"{"headers":{"\#(name)":"hush","a":"b"}}"#.utf8)),
            reads: [],
            endTime: 0
        )
        let written = String(decoding: cassette.write(), as: UTF8.self)
        #expect(!written.contains("hush"))
        #expect(written.contains(#""via":"x""#))
        #expect(written.contains(#""headers":{"a":"b"}"#))
        for head in [#""headers":{"\#(name)":"hush"}"#, #""headers":{},"request":{"headers":{"\#(name)":"hush"}}"#] {
            let text =
                #"{"typebar_cassette":1,"format":"gemini","status":200,\#(head)}"# + "\n{\"t\":0,\"end\":\"reset\"}"
            let problem = #expect(throws: CassetteProblem.self) { try Cassette(text: Array(text.utf8), source: "f") }
            #expect(problem?.line == 1)
            #expect(problem?.message.contains("\"\(name)\" may bear a secret") == true)
            #expect(problem?.message.contains("hush") == false)
        }
    }

    @Test(arguments: [
        "content-type", "x-ratelimit-remaining-tokens", "x-ratelimit-limit-tokens-usage-based", "x-request-id",
        "anthropic-ratelimit-input-tokens-reset", "WWW-Authenticate", "retry-after", "x-amzn-bedrock-input-token-count",
        "openai-organization", "date",
    ])
    func `what is harmless is kept`(name: String) {
        #expect(!SecretFields.isSecret(name, "12"))
    }

    @Test func `a value that only a secret has is one, whatever its name`() {
        #expect(SecretFields.isSecret("x-upstream", "Bearer abc"))
        #expect(SecretFields.isSecret("x-upstream", "basic abc"))
        #expect(!SecretFields.isSecret("www-authenticate", "Bearer realm=\"x\""))
    }

    @Test func `a key in a query is left out, and refused`() throws {
        func written(_ path: String) throws -> String? {
            let request = try JSONReader.read(Array(#"{"path":"\#(path)"}"#.utf8))
            let cassette = Cassette(format: .gemini, request: request, reads: [], endTime: 0)
            return try Cassette(text: cassette.write(), source: "").request?["path"]?.text
        }
        #expect(try written("/v1beta/models/m:go?alt=sse&key=hush") == "/v1beta/models/m:go?alt=sse")
        #expect(try written("/a?key=hush") == "/a")
        #expect(try written("/a?access_token=hush&b=1") == "/a?b=1")
        #expect(try written("/a?b=1&c") == "/a?b=1&c")
        let text = #"{"typebar_cassette":1,"format":"gemini","status":200,"headers":{},"request":{"url":"x?key=hush"}}"#
        #expect(throws: CassetteProblem.self) { try Cassette(text: Array(text.utf8), source: "") }
    }

    @Test func `what the model was asked is left alone`() throws {
        let body = #"{"body":{"headers":{"token":"of gratitude"},"path":"?key=c-sharp"}}"#
        let request = try JSONReader.read(Array(body.utf8))
        let cassette = Cassette(format: .gemini, request: request, reads: [], endTime: 0)
        #expect(try Cassette(text: cassette.write(), source: "").request == request)
    }
}

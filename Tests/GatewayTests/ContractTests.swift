// SPDX-License-Identifier: Apache-2.0

import EventStream
import JSON
import Testing
import WireFormats

@Suite(.timeLimit(.minutes(5)))
struct ContractTests {
    private static let sid = String(repeating: "a", count: 26)

    @Test
    func `each refusal of the contract has its status`() async throws {
        let json = "content-type: application/json"
        let cases: [(String, Int)] = [
            (Visit.request("GET", "/chat/stream"), 400), (Visit.request("GET", "/chat/stream?prompt="), 400),
            (Visit.request("GET", "/chat/stream?prompt=a&model=nobody"), 404),
            (Visit.request("GET", "/chat/stream?prompt=a&zoom=1"), 400), (Visit.request("GET", "/nowhere"), 404),
            (Visit.request("GET", "/chat/stream/\(Self.sid)"), 404),
            (Visit.request("DELETE", "/chat/streams/\(Self.sid)"), 404),
            (Visit.request("GET", "/chat/stream", fields: ["last-event-id: \(Self.sid).0"]), 410),
            (Visit.request("GET", "/chat/stream", fields: ["last-event-id: nonsense"]), 400),
            (Visit.request("GET", "/chat/stream", fields: ["last-event-id: x.end"]), 204),
            (Visit.request("GET", "/chat/stream?last_event_id=x.end"), 204),
            (Visit.request("POST", "/chat", fields: [json]), 411),
            (Visit.request("POST", "/chat", fields: ["content-length: 2"]) + "{}", 415),
            (Visit.request("POST", "/chat", body: Array("{".utf8)), 400),
            (Visit.request("POST", "/chat", fields: [json, "content-length: 99999999"]), 413),
            (Visit.request("GET", "/" + String(repeating: "a", count: 17 << 10)), 414),
            (Visit.request("GET", "/", fields: ["x: " + String(repeating: "a", count: 33 << 10)]), 431),
            (Visit.request("OPTIONS", "/chat/stream"), 204), (Visit.request("PUT", "/chat/stream"), 405),
        ]
        try await GatewayHarness.run { port in
            for (request, status) in cases {
                let response = try await Visit.make(port: port, request)
                #expect(response.status == status, "\(request.prefix(100))")
                #expect(response.complaint == nil)
                guard status >= 400 else { continue }
                let problem = try JSONReader.read(response.body)["error"]
                #expect(problem?["code"]?.text?.isEmpty == false)
                #expect(problem?["message"]?.text?.isEmpty == false)
                #expect(problem?["param"] != nil)
            }
        }
    }

    @Test
    func `a stream that is stopped ends as cancelled, for a resume too, and stopping again is no error`() async throws {
        try await GatewayHarness.run { port in
            let body = Array(#"{"prompt":"a long one","model":"echo","rate":1,"ttft":0}"#.utf8)
            let started = try await Visit.make(port: port, Visit.request("POST", "/chat", body: body))
            let id = try #require(try JSONReader.read(started.body)["id"]?.text)
            for _ in 0..<2 {
                let stopped = try await Visit.make(port: port, Visit.request("DELETE", "/chat/streams/\(id)"))
                #expect(stopped.status == 204)
            }
            let read = try await Visit.make(
                port: port,
                Visit.request("GET", "/chat/stream", fields: ["last-event-id: \(id).0"])
            )
            #expect(read.isWhole)
            #expect(read.events.last?.type == "fault")
            #expect(read.events.last?.lastEventID == "\(id).end")
            #expect(try JSONReader.read(read.events.last?.data ?? [])["kind"]?.text == "cancelled")
        }
    }

    @Test
    func `the same key and body is the same stream, another body is refused`() async throws {
        try await GatewayHarness.run { port in
            func post(_ prompt: String) async throws -> ResponseReader {
                let body = Array(#"{"prompt":"\#(prompt)","model":"echo"}"#.utf8)
                let request = Visit.request("POST", "/chat", fields: ["idempotency-key: k"], body: body)
                return try await Visit.make(port: port, request)
            }
            let (first, again, other) = (try await post("a"), try await post("a"), try await post("b"))
            #expect([first.status, again.status, other.status] == [201, 200, 422])
            #expect(first.body == again.body)
        }
    }
}

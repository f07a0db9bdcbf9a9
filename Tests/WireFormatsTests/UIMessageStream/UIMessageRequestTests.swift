// SPDX-License-Identifier: Apache-2.0

import Conversation
import Testing
import WireFormats

struct UIMessageRequestTests {
    @Test
    func `the parts of a message are one turn`() throws {
        let request = try Self.read(
            #"""
            {"id":"c1","trigger":"submit-message","messageId":null,"extra":{"a":1},"messages":[
             {"id":"s","role":"system","parts":[{"type":"text","text":"be brief"}]},
             {"id":"u","role":"user","metadata":{},"parts":[
              {"type":"text","text":"see "},{"type":"text","text":"this","state":"done"},{"type":"data-x","data":1},
              {"type":"file","mediaType":"image/png","url":"data:image/png;base64,aGk=","filename":"a.png"},
              {"type":"file","mediaType":"audio/wav","url":"https://h/a.wav"},
              {"type":"file","mediaType":"application/pdf","url":"u"},{"type":"source-url","sourceId":"1","url":"u"}]}]}
            """#
        )
        #expect(request.chatID == "c1")
        #expect(request.chat.model.isEmpty)
        #expect(request.chat.format == .uiMessageStream)
        #expect(request.chat.isStreamed)
        #expect(!request.chat.wantsUsage)
        let attachments = [
            Attachment(kind: .image, mediaType: "image/png", source: "data:image/png;base64,aGk="),
            Attachment(kind: .audio, mediaType: "audio/wav", source: "https://h/a.wav"),
            Attachment(kind: .file, mediaType: "application/pdf", source: "u"),
        ]
        #expect(
            request.chat.messages == [
                .init(role: .system, content: "be brief"),
                .init(role: .user, content: "see this", attachments: attachments),
            ]
        )
        #expect(request.streamType == "text/event-stream")
        #expect(request.fields.map(\.name) == ["x-vercel-ai-ui-message-stream"])
        #expect(request.fields.map(\.value) == ["v1"])
    }

    @Test
    func `the steps of an assistant's message are turns, with the tools' results between them`() throws {
        let messages = try Self.read(
            #"""
            {"messages":[{"role":"assistant","parts":[
             {"type":"step-start"},{"type":"reasoning","text":"hm"},
             {"type":"step-start"},{"type":"text","text":"I look."},
             {"type":"tool-weather","toolCallId":"c1","state":"output-available","input":{"city":"Oslo"},
              "output":{"t":7}},
             {"type":"dynamic-tool","toolName":"now","toolCallId":"c2","state":"output-error","errorText":"no clock"},
             {"type":"tool-rm","toolCallId":"c3","state":"output-denied","input":{}},
             {"type":"tool-say","toolCallId":"c4","state":"output-available","input":{},"output":"done"},
             {"type":"tool-half","toolCallId":"c5","state":"input-streaming"},
             {"type":"step-start"},{"type":"text","text":"It is 7."},
             {"type":"tool-ask","toolCallId":"c6","state":"approval-requested","input":{}}]}]}
            """#
        ).chat.messages
        #expect(messages.map(\.role) == [.assistant, .tool, .tool, .tool, .tool, .assistant])
        #expect(messages.map(\.toolCallID) == [nil, "c1", "c2", "c3", "c4", nil])
        #expect(messages.map(\.name) == [nil, "weather", "now", "rm", "say", nil])
        #expect(
            messages.map(\.content) == [
                "I look.", #"{"t":7}"#, "no clock", "The user did not allow this call.", "done", "It is 7.",
            ]
        )
        #expect(messages.first?.toolCalls.map(\.id) == ["c1", "c2", "c3", "c4"])
        #expect(messages.first?.toolCalls.first?.arguments == Array(#"{"city":"Oslo"}"#.utf8))
        #expect(messages.last?.toolCalls == [ToolCall(id: "c6", name: "ask", arguments: Array("{}".utf8))])
    }

    @Test(arguments: [
        #"{"message":{"role":"user","parts":[{"type":"text","text":"hi"}]},"model":"m?rate=1"}"#,
        #"{"messages":[{"role":"user","content":"hi"}],"model":"m?rate=1"}"#,
    ])
    func `the last message alone will do, and text without parts`(body: String) throws {
        let chat = try Self.read(body).chat
        #expect(chat.messages == [.init(role: .user, content: "hi")])
        #expect(chat.model == "m?rate=1")
    }

    @Test(
        arguments: [
            ("", "invalid_json", nil), ("[]", "invalid_json", nil),
            ("{}", "missing_required_parameter", "messages"), (#"{"messages":{}}"#, "invalid_type", "messages"),
            (#"{"messages":[]}"#, "invalid_value", "messages"), (#"{"messages":[1]}"#, "invalid_type", "messages[0]"),
            (#"{"id":1,"messages":[]}"#, "invalid_type", "id"),
            (#"{"model":1,"messages":[]}"#, "invalid_type", "model"),
            (#"{"messages":[{"parts":[]}]}"#, "missing_required_parameter", "messages[0].role"),
            (#"{"messages":[{"role":"tool","parts":[]}]}"#, "invalid_value", "messages[0].role"),
            (#"{"messages":[{"role":"user"}]}"#, "missing_required_parameter", "messages[0].content"),
            (#"{"messages":[{"role":"user","parts":"x"}]}"#, "invalid_type", "messages[0].parts"),
            (#"{"message":{"role":"user","parts":[1]}}"#, "invalid_type", "message.parts[0]"),
            (
                #"{"message":{"role":"user","parts":[{"text":"a"}]}}"#,
                "missing_required_parameter", "message.parts[0].type"
            ),
            (
                #"{"message":{"role":"user","parts":[{"type":"text"}]}}"#,
                "missing_required_parameter", "message.parts[0].text"
            ),
            (
                #"{"message":{"role":"user","parts":[{"type":"file","mediaType":"a/b"}]}}"#,
                "missing_required_parameter", "message.parts[0].url"
            ),
            (
                #"{"message":{"role":"assistant","parts":[{"type":"tool-f","toolCallId":"c","state":"new"}]}}"#,
                "invalid_value", "message.parts[0].state"
            ),
        ] as [(String, String, String?)]
    )
    func `a request that cannot be done is refused, and the place named`(
        body: String,
        code: String,
        parameter: String?
    ) {
        let problem = #expect(throws: RequestProblem.self) { try Self.read(body) }
        #expect(problem?.status == 400)
        #expect(problem?.code == code)
        #expect(problem?.parameter == parameter)
    }

    @Test(arguments: [
        (#"{"id":"c","messages":[{"role":"user","parts":[]}],"trigger":"submit-message"}"#, true),
        (#"{"model":"m","messages":[{"role":"user","parts":[{"type":"text","text":"a"}]}]}"#, true),
        (#"{"model":"m","message":{"role":"user","parts":[]}}"#, true), (#"{"id":"c","messages":[]}"#, true),
        (#"{"model":"m","messages":[{"role":"user","content":"a"}]}"#, false), (#"{"model":"m"}"#, false),
        (#"{"model":"m","id":"x","messages":[]}"#, false), (#"{"messages":[{"role":"user","content":"a"}]}"#, false),
        ("{}", false), ("[]", false), ("", false), ("{", false),
    ])
    func `parts tell a UI message from a chat of Ollama's`(body: String, isUIMessage: Bool) {
        #expect(UIMessageStreamRequest.isUIMessageBody(Array(body.utf8)) == isUIMessage)
    }

    private static func read(_ body: String) throws -> UIMessageStreamRequest {
        try UIMessageStreamRequest(body: Array(body.utf8))
    }
}

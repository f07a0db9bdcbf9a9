// SPDX-License-Identifier: Apache-2.0

/// The bytes of the calibration's answers, as OpenAI's chat completions stream them; made once, each written in one piece.
struct CalibrationAnswer: Sendable {
    /// The response's head, and the event that tells the role.
    let start: [UInt8]
    let content: [UInt8]
    /// The reason of the end, the terminator, and the body's end.
    let end: [UInt8]

    init() {
        let head = """
            HTTP/1.1 200 OK\r
            content-type: text/event-stream\r
            cache-control: no-store\r
            transfer-encoding: chunked\r
            \r

            """
        start = Array(head.utf8) + Self.chunk(Self.event(delta: #"{"role":"assistant","content":""}"#))
        content = Self.chunk(Self.event(delta: #"{"content":" tick"}"#))
        end =
            Self.chunk(Self.event(delta: "{}", finish: #""stop""#)) + Self.chunk("data: [DONE]\n\n")
            + Array("0\r\n\r\n".utf8)
    }

    private static func event(delta: String, finish: String = "null") -> String {
        #"data: {"id":"chatcmpl-calibration","object":"chat.completion.chunk","created":0,"model":"calibration","#
            + #""choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"# + "\n\n"
    }

    private static func chunk(_ text: String) -> [UInt8] {
        Array("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n".utf8)
    }
}

// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WireFormats

struct OpenAIEmbeddingsTests {
    private static let vectors: [[Float]] = [[0.5, -0.25, 0.125, 1], [0.1, -3.5e-9, 0], [1]]

    @Test(
        arguments: [
            (#""a""#, [.text("a")]), (#"["a"," "]"#, [.text("a"), .text(" ")]),
            ("[1,2]", [.tokens([1, 2])]), ("[[1],[2,3]]", [.tokens([1]), .tokens([2, 3])]),
        ] as [(String, [OpenAIEmbeddingsInput])]
    )
    func `an input is a text, tokens, or several of either`(input: String, expected: [OpenAIEmbeddingsInput]) throws {
        let body = #"{"model":"m?x=1","input":\#(input),"encoding_format":null,"unknown":1}"#
        let request = try OpenAIEmbeddingsRequest(body: Array(body.utf8))
        #expect(request.inputs == expected)
        #expect(request.model == "m?x=1")
        #expect(request.encoding == .float)
        #expect(request.dimensions == nil)
        #expect(request.user == nil)
    }

    @Test
    func `the options are read`() throws {
        let body = #"{"model":"m","input":"a","encoding_format":"base64","dimensions":64,"user":"u"}"#
        let request = try OpenAIEmbeddingsRequest(body: Array(body.utf8))
        #expect(request.encoding == .base64)
        #expect(request.dimensions == 64)
        #expect(request.user == "u")
    }

    @Test
    func `tokens become text that a vector can be made of`() {
        #expect(OpenAIEmbeddingsInput.tokens([5, 60]).bytes == Array("5 60".utf8))
        #expect(OpenAIEmbeddingsInput.text("é").bytes == Array("é".utf8))
    }

    @Test(
        arguments: [
            ("", "invalid_json", nil), (#"{"input":"a"}"#, "missing_required_parameter", "model"),
            (#"{"model":"","input":"a"}"#, "invalid_value", "model"),
            (#"{"model":["m"],"input":"a"}"#, "invalid_type", "model"),
            (#"{"model":"m"}"#, "missing_required_parameter", "input"),
            (#"{"model":"m","input":null}"#, "missing_required_parameter", "input"),
            (#"{"model":"m","input":""}"#, "empty_string", "input"),
            (#"{"model":"m","input":[]}"#, "empty_array", "input"),
            (#"{"model":"m","input":["a",""]}"#, "empty_string", "input"),
            (#"{"model":"m","input":[[1],[]]}"#, "empty_array", "input"),
            (#"{"model":"m","input":{}}"#, "invalid_type", "input"),
            (#"{"model":"m","input":["a",1]}"#, "invalid_type", "input"),
            (#"{"model":"m","input":[1,"a"]}"#, "invalid_type", "input"),
            (#"{"model":"m","input":[true]}"#, "invalid_type", "input"),
            (#"{"model":"m","input":[1.5]}"#, "invalid_type", "input"),
            (#"{"model":"m","input":[[-1]]}"#, "invalid_type", "input"),
            (#"{"model":"m","input":"a","encoding_format":"hex"}"#, "invalid_value", "encoding_format"),
            (#"{"model":"m","input":"a","encoding_format":1}"#, "invalid_type", "encoding_format"),
            (#"{"model":"m","input":"a","dimensions":0}"#, "integer_below_min_value", "dimensions"),
            (#"{"model":"m","input":"a","dimensions":4000}"#, "integer_above_max_value", "dimensions"),
            (#"{"model":"m","input":"a","dimensions":"8"}"#, "invalid_type", "dimensions"),
            (#"{"model":"m","input":"a","user":1}"#, "invalid_type", "user"),
        ] as [(String, String, String?)]
    )
    func `what OpenAI refuses is refused, and the parameter named`(body: String, code: String, parameter: String?) {
        let problem = #expect(throws: RequestProblem.self) { try OpenAIEmbeddingsRequest(body: Array(body.utf8)) }
        #expect(problem?.status == 400)
        #expect(problem?.code == code)
        #expect(problem?.parameter == parameter)
    }

    @Test(
        arguments: [
            (2048, 256, nil), (2049, 256, "array_above_max_length"), (2048, 2048, nil), (2048, 2049, "invalid_value"),
            (1300, 3072, nil),
        ] as [(Int, Int, String?)]
    )
    func `the answer has a bound`(count: Int, dimensions: Int, code: String?) {
        let inputs = Array(repeating: "\"a\"", count: count).joined(separator: ",")
        let body = Array(#"{"model":"m","input":[\#(inputs)],"dimensions":\#(dimensions)}"#.utf8)
        var found: String?
        do { _ = try OpenAIEmbeddingsRequest(body: body) } catch { found = error.code }
        #expect(found == code)
    }

    @Test
    func `a text has 8192 tokens at most`() {
        for (count, isRight) in [(8192, true), (8193, false)] {
            let tokens = Array(repeating: "1", count: count).joined(separator: ",")
            let body = Array(#"{"model":"m","input":[\#(tokens)]}"#.utf8)
            #expect(((try? OpenAIEmbeddingsRequest(body: body)) != nil) == isRight)
        }
    }

    @Test(arguments: ["float", "base64"])
    func `vectors are written in the encoding asked for`(encoding: String) throws {
        let body = #"{"model":"m","input":["a","b","c"],"encoding_format":"\#(encoding)"}"#
        let request = try OpenAIEmbeddingsRequest(body: Array(body.utf8))
        let answer = request.body(of: Self.vectors, model: "mock-embed", inputTokens: 4)
        #expect(answer == GoldenFile.format("openai-embeddings/\(encoding).json").bytes(replacedBy: answer))
        // The four floats of the first vector as part 8 of openai-chat.md has them.
        if encoding == "base64" {
            #expect(String(decoding: answer, as: UTF8.self).contains(#""embedding":"AAAAPwAAgL4AAAA+AACAPw==""#))
        }
    }

    @Test
    func `a damaged body is read or refused`() {
        var dice = Dice(seed: 8)
        let whole = Array(
            #"{"model":"m","input":["a",[1,2],3],"encoding_format":"base64","dimensions":8,"user":"u"}"#.utf8
        )
        for _ in 0..<10_000 {
            do {
                #expect(try !OpenAIEmbeddingsRequest(body: dice.damaged(whole)).inputs.isEmpty)
            } catch {
                #expect(error.status == 400)
                #expect(!error.message.isEmpty)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

import Conversation
import JSON
import MockModel
import WireFormats

/// Checks that what was read can be answered, in JSON and UTF-8 that a client can read.
enum Answered {
    static let identity = AnswerIdentity(model: "m", seed: 1, created: 1_800_000_000_000_000_000, inputTokens: 1)

    static let plain: WholeAnswer = {
        var choice = WholeAnswer.Choice()
        choice.text = Array("Hello".utf8)
        return WholeAnswer(choices: [choice], usage: Usage(inputTokens: 1, outputTokens: 1))
    }()

    /// Lets the mock answer a request, as a stream and whole.
    static func check(_ request: any WireRequest, seed: UInt64) {
        let chat = request.chat
        _ = TokenEstimate.input(chat)
        let scripts = (0..<min(max(chat.choices, 1), 2)).map { choice in
            MockBrain.script(for: chat, as: .echo, choice: choice, seed: seed)
                .limited(maximumTokens: chat.maximumTokens, stopSequences: chat.stopSequences)
        }
        check(scripts, by: request)
    }

    /// - Parameter scripts: Of each choice.
    static func check(_ scripts: [AnswerScript], by request: any WireRequest) {
        let usage = scripts.last?.usage(input: 1) ?? plain.usage
        let whole = request.body(of: WholeAnswer(choices: scripts.map { $0.choice() }, usage: usage), for: identity)
        // The format has streams only, so its whole answer is one too.
        if request.chat.format == .uiMessageStream {
            check(stream: whole, of: .uiMessageStream)
        } else {
            check(jsonBody: whole)
        }
        check(stream: stream(of: scripts, usage, by: request), of: request.chat.format)
    }

    static func check(_ problem: RequestProblem, in shape: any ProblemShape.Type) {
        Promise.check((400...599).contains(problem.status), "a problem's status is \(problem.status)")
        Promise.check(!problem.message.isEmpty, "a problem says nothing: \(problem.code)")
        check(jsonBody: shape.body(of: problem, requestID: "r"))
    }

    static func check(jsonBody body: [UInt8]) {
        let text = { String(decoding: body, as: UTF8.self) }
        Promise.check(String(validating: body, as: UTF8.self) != nil, "the answer is not valid UTF-8: \(text())")
        do throws(JSONReader.Malformed) {
            _ = try JSONReader.read(body)
        } catch {
            Promise.check(false, "the answer is no JSON: \(error), \(text())")
        }
    }

    private static func check(stream: [UInt8], of format: WireFormat) {
        let text = { String(decoding: stream, as: UTF8.self) }
        Promise.check(String(validating: stream, as: UTF8.self) != nil, "the stream is not valid UTF-8: \(text())")
        guard var parser = AnswerParsers.parser(for: format, limit: Parsers.limit) else { return }
        let events = parser.feed(stream) + parser.finish()
        if case .fault(let fault) = events.last, [.upstreamProtocol, .truncated].contains(fault.kind) {
            Promise.check(false, "our own stream is not whole: \(fault.message) \(text())")
        }
    }

    private static func stream(of scripts: [AnswerScript], _ usage: Usage, by request: any WireRequest) -> [UInt8] {
        var renderer = request.renderer(for: identity)
        var frames = FrameBuffer(recordsFrames: true)
        renderer.begin(into: &frames)
        for (choice, script) in scripts.enumerated() {
            for step in script.steps {
                switch step {
                case .text(let bytes): renderer.append(bytes.span, as: .text, choice: choice, into: &frames)
                case .reasoning(let bytes): renderer.append(bytes.span, as: .reasoning, choice: choice, into: &frames)
                case .refusal(let bytes): renderer.append(bytes.span, as: .refusal, choice: choice, into: &frames)
                case .toolCall(let call):
                    let start = ToolCall(id: call.id, name: call.name, arguments: [])
                    renderer.beginToolCall(start, choice: choice, into: &frames)
                    guard !call.arguments.isEmpty else { continue }
                    renderer.append(call.arguments.span, as: .toolArguments, choice: choice, into: &frames)
                case .pause: renderer.heartbeat(into: &frames)
                case .fault:
                    let fault = ChatFault(kind: .upstreamError, message: "It failed.", retryable: false)
                    renderer.fail(fault, into: &frames)
                    return frames.bytes
                }
            }
            renderer.end(script.finish, choice: choice, into: &frames)
        }
        renderer.finish(usage, into: &frames)
        return frames.bytes
    }
}

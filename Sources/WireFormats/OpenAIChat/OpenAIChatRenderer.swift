// SPDX-License-Identifier: Apache-2.0

public import Conversation
internal import EventStream
internal import JSON

/// Writes the stream of a chat completion (openai-chat.md, part 3).
///
/// Lines of `data:` and comments only: what else SSE knows breaks clients of this format.
public struct OpenAIChatRenderer: AnswerRenderer {
    private let identity: AnswerIdentity
    private let includesUsage: Bool
    private let topLogprobs: Int?
    private let usesFunctions: Bool
    /// A chunk up to its choices.
    private let head: [UInt8]
    /// A chunk of the first choice, and of each of the others, up to the members of its delta.
    private let firstPrefix: [UInt8]
    private let otherPrefixes: [[UInt8]]
    /// What follows the delta's members in a chunk that neither ends the choice nor has log probabilities.
    private let suffix: [UInt8]
    /// What follows the choices.
    private let tail: [UInt8]

    // The same for all streams, so that one copy of them stays in the processor's caches.
    private static let plainTail = Array("}\n\n".utf8)
    private static let usageTail = Array(",\"usage\":null}\n\n".utf8)
    private static let deltaEnd = Array("},\"logprobs\":null,\"finish_reason\":null}]".utf8)
    private static let plainSuffix = deltaEnd + plainTail
    private static let usageSuffix = deltaEnd + usageTail
    /// For each choice how many tool calls have begun.
    private var callCounts: [Int]

    /// - Parameters:
    ///   - choices: How many answers the stream has, from 1.
    ///   - includesUsage: Token counts come in a chunk of their own, and `usage` is null in the others.
    ///   - topLogprobs: How many alternatives are told for each unit of text; nil for no log probabilities.
    ///   - usesFunctions: A call is told as the deprecated `function_call`.
    public init(
        identity: AnswerIdentity,
        choices: Int = 1,
        includesUsage: Bool = false,
        topLogprobs: Int? = nil,
        usesFunctions: Bool = false
    ) {
        self.identity = identity
        self.includesUsage = includesUsage
        self.topLogprobs = topLogprobs
        self.usesFunctions = usesFunctions
        let head = Self.head(for: identity)
        self.head = head
        firstPrefix = Self.prefix(head, choice: 0)
        otherPrefixes = (1..<max(choices, 1)).map { Self.prefix(head, choice: $0) }
        tail = includesUsage ? Self.usageTail : Self.plainTail
        suffix = includesUsage ? Self.usageSuffix : Self.plainSuffix
        callCounts = Array(repeating: 0, count: choices)
    }

    private static func prefix(_ head: [UInt8], choice: Int) -> [UInt8] {
        head + Array("[{\"index\":\(choice),\"delta\":{".utf8)
    }

    private func appendPrefix(_ choice: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: choice == 0 ? firstPrefix : otherPrefixes[choice - 1])
    }

    public func warm(_ touch: (UnsafeRawPointer?, Int) -> Void) {
        firstPrefix.withUnsafeBytes { touch($0.baseAddress, $0.count) }
    }

    private static func head(for identity: AnswerIdentity) -> [UInt8] {
        let object = JSONText.object { text in
            text.member("id", identity.name("chatcmpl-"))
            text.member("object", "chat.completion.chunk")
            text.member("created", identity.createdSeconds)
            text.member("model", identity.model)
            text.member("service_tier", "default")
            text.member("system_fingerprint", identity.hexName("fp_", length: 10))
        }
        return Array("data: ".utf8) + object.dropLast() + Array(",\"choices\":".utf8)
    }

    /// The role of each choice: index 0 has to be the first that a client sees (openai-chat.md, part 9).
    public mutating func begin(into frames: inout FrameBuffer) {
        for choice in 0...otherPrefixes.count {
            appendPrefix(choice, to: &frames.bytes)
            FrameEncoder.append(#""role":"assistant","content":"","refusal":null"#, to: &frames.bytes)
            if topLogprobs == nil {
                frames.bytes.append(contentsOf: suffix)
            } else {
                appendLogprobs({ _ in }, into: &frames)
            }
            frames.endFrame(.structure)
        }
    }

    public mutating func append(
        _ unit: Span<UInt8>,
        as piece: AnswerPiece,
        choice: Int,
        into frames: inout FrameBuffer
    ) {
        appendPrefix(choice, to: &frames.bytes)
        switch piece {
        case .text: FrameEncoder.append(#""content":"#, to: &frames.bytes)
        case .reasoning: FrameEncoder.append(#""reasoning_content":"#, to: &frames.bytes)
        case .refusal: FrameEncoder.append(#""refusal":"#, to: &frames.bytes)
        case .toolArguments: appendArgumentsName(choice: choice, to: &frames.bytes)
        }
        JSONText.appendString(unit, to: &frames.bytes)
        if piece == .toolArguments {
            FrameEncoder.append(usesFunctions ? "}" : "}}]", to: &frames.bytes)
        }
        if let topLogprobs, piece == .text {
            let logprob = MadeUpLogprob(token: unit)
            appendLogprobs({ logprob.write(to: &$0, top: topLogprobs) }, into: &frames)
        } else {
            frames.bytes.append(contentsOf: suffix)
        }
        frames.endFrame(.unit)
    }

    private func appendArgumentsName(choice: Int, to bytes: inout [UInt8]) {
        if usesFunctions {
            FrameEncoder.append(#""function_call":{"arguments":"#, to: &bytes)
        } else {
            FrameEncoder.append(#""tool_calls":[{"index":"#, to: &bytes)
            FrameEncoder.appendDecimal(UInt64(max(callCounts[choice] - 1, 0)), to: &bytes)
            FrameEncoder.append(#","function":{"arguments":"#, to: &bytes)
        }
    }

    private func appendLogprobs(_ content: (inout JSONText) -> Void, into frames: inout FrameBuffer) {
        let logprobs = JSONText.object { text in
            text.arrayMember("content", content)
            text.nullMember("refusal")
        }
        FrameEncoder.append(#"},"logprobs":"#, to: &frames.bytes)
        frames.bytes.append(contentsOf: logprobs)
        FrameEncoder.append(#","finish_reason":null}]"#, to: &frames.bytes)
        frames.bytes.append(contentsOf: tail)
    }

    /// The call's first fragment: its id and name, which never come again (openai-chat.md 3.3).
    public mutating func beginToolCall(_ call: ToolCall, choice: Int, into frames: inout FrameBuffer) {
        let index = callCounts[choice]
        callCounts[choice] += 1
        let id = OpenAIChatBody.id(of: call, choice: choice, index: index, for: identity)
        let delta = JSONText.object { text in
            if usesFunctions {
                text.objectMember("function_call") { Self.write(call, to: &$0) }
                return
            }
            text.arrayMember("tool_calls") { text in
                text.object { text in
                    text.member("index", index)
                    text.member("id", id)
                    text.member("type", "function")
                    text.objectMember("function") { Self.write(call, to: &$0) }
                }
            }
        }
        appendPrefix(choice, to: &frames.bytes)
        frames.bytes.append(contentsOf: delta.dropFirst().dropLast())
        frames.bytes.append(contentsOf: suffix)
        frames.endFrame(.structure)
    }

    private static func write(_ call: ToolCall, to text: inout JSONText) {
        text.member("name", call.name)
        text.member("arguments", "")
    }

    public mutating func end(_ reason: FinishReason, choice: Int, into frames: inout FrameBuffer) {
        appendPrefix(choice, to: &frames.bytes)
        FrameEncoder.append(#"},"logprobs":null,"finish_reason":""#, to: &frames.bytes)
        let word = usesFunctions && reason == .toolCalls ? "function_call" : reason.openAIWord
        frames.bytes.append(contentsOf: word.utf8)
        FrameEncoder.append("\"}]", to: &frames.bytes)
        frames.bytes.append(contentsOf: tail)
        frames.endFrame(.finish)
    }

    public mutating func finish(_ usage: Usage, into frames: inout FrameBuffer) {
        let counts = includesUsage ? JSONText.object { $0.openAIChatUsageMember(usage) } : nil
        frames.endOpenAIStream(head: head, counts: counts)
    }

    /// An error in place of a chunk, and no `[DONE]` (openai-chat.md 3.7).
    public mutating func fail(_ fault: ChatFault, into frames: inout FrameBuffer) {
        OpenAIProblem.appendFrame(of: fault, into: &frames)
    }

    public mutating func markContinued(into frames: inout FrameBuffer) {
        FrameEncoder.appendComment("continued by another model", to: &frames.bytes)
        frames.endFrame(.structure)
    }

    public mutating func heartbeat(into frames: inout FrameBuffer) {
        FrameEncoder.appendComment(to: &frames.bytes)
        frames.endFrame(.structure)
    }
}

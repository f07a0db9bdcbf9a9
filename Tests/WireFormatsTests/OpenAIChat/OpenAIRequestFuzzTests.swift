// SPDX-License-Identifier: Apache-2.0

import Conversation
import TestSupport
import Testing
import WireFormats

/// Valid bodies with bytes and pieces changed: they decode or are refused, and nothing else happens.
struct OpenAIRequestFuzzTests {
    private static let bodies = [
        #"""
        {"model":"m","n":2,"messages":[
        {"role":"user","content":[{"type":"image_url","image_url":{"url":"data:a/b;c"}}]}]}
        """#,
        #"""
        {"model":"m","messages":[{"role":"assistant","tool_calls":[
        {"id":"c","type":"function","function":{"name":"f","arguments":"{"}}]},
        {"role":"tool","tool_call_id":"c","content":""}]}
        """#,
        #"""
        {"model":"m","messages":[{"role":"user","content":"é"}],"tools":[{"type":"function","function":{"name":"a"}}],
        "tool_choice":{"type":"function","function":{"name":"a"}}}
        """#,
        #"""
        {"model":"m","messages":[{"role":"user","content":""}],"stream":true,"stream_options":{"include_usage":true},
        "stop":["a"],"seed":-1,"temperature":0.5,"logprobs":true,"top_logprobs":3}
        """#,
        #"{"model":"m","prompt":[[1,2],[3]],"n":3,"max_tokens":9,"echo":true,"logprobs":5,"best_of":4,"messages":[]}"#,
    ].map { Array($0.utf8) }
    private static let pieces = [
        "null", "{}", "[]", "-1", "1e999", "9223372036854775808", "\"\"", "true", "\\ud800", "\u{FEFF}", ",", ":",
        "[[[[",
    ].map { Array($0.utf8) }

    @Test(arguments: 0..<8)
    func `a body that was tampered with never does more than be refused`(seed: Int) {
        var dice = Dice(seed: UInt64(seed))
        var refusals = 0
        for turn in 0..<2500 {
            var body = Self.bodies[turn % Self.bodies.count]
            for _ in 0..<Int.random(in: 1...3, using: &dice) { Self.tamper(&body, &dice) }
            if !Self.decodes(body) { refusals += 1 }
        }
        #expect((1..<2500).contains(refusals))
    }

    private static func tamper(_ body: inout [UInt8], _ dice: inout Dice) {
        guard let place = body.indices.randomElement(using: &dice) else { return }
        switch Int.random(in: 0..<5, using: &dice) {
        case 0: body[place] = UInt8.random(in: 0...255, using: &dice)
        case 1: body.remove(at: place)
        case 2: body.removeSubrange(place..<min(place + 8, body.count))
        case 3: body.insert(contentsOf: pieces.randomElement(using: &dice) ?? [], at: place)
        default: replaceValue(in: &body, from: place, &dice)
        }
    }

    /// Puts another value in the place of the next one, so that the body stays JSON.
    private static func replaceValue(in body: inout [UInt8], from place: Int, _ dice: inout Dice) {
        guard let colon = body[place...].firstIndex(of: UInt8(ascii: ":")) else { return }
        let stops = Array(",}]".utf8)
        let end = body[colon...].firstIndex { stops.contains($0) } ?? body.count
        body.replaceSubrange(colon + 1..<end, with: pieces.randomElement(using: &dice) ?? [])
    }

    /// Whether either decoder takes the body; what is taken has to be writable.
    private static func decodes(_ body: [UInt8]) -> Bool {
        var requests: [any WireRequest] = []
        if let chat = try? OpenAIChatRequest(body: body) { requests.append(chat) }
        if let completion = try? OpenAICompletionsRequest(body: body) { requests.append(completion) }
        for request in requests {
            var transcript = OpenAITranscript(request)
            transcript.say("é")
            transcript.end(.toolCalls)
            transcript.finish()
            #expect((1...128).contains(request.chat.choices))
        }
        return !requests.isEmpty
    }
}

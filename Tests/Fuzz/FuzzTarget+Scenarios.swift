// SPDX-License-Identifier: Apache-2.0

import Conversation
import MockModel
import WireFormats

extension FuzzTarget {
    private static let checks = ScenarioChecks(
        fault: { text in
            do throws(RequestProblem) {
                return .success(try FaultPlan(text).faults)
            } catch {
                return .failure(ScenarioChecks.Complaint(error.message))
            }
        },
        pace: { $0["rate"] == "0" ? "has to be more than 0" : nil }
    )

    private static let input: ScenarioInput = {
        var request = ChatRequest(
            model: "m",
            messages: [
                ChatMessage(role: .system, content: "Be brief."),
                ChatMessage(role: .user, content: "What is the weather in Oslo, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab?"),
            ],
            format: .openAIChat
        )
        request.tools = [ToolDefinition(name: "weather")]
        return ScenarioInput(
            request: request,
            path: "/v1/chat/completions",
            headers: [("x-a", "b")],
            apiKey: "k",
            now: 1_800_000_000_000_000_000
        )
    }()

    @Sendable
    static func readScenarios(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let source = ScenarioSource(path: "a/fuzz.yaml", text: text)
        do throws(ScenarioProblem) {
            let book = ScenarioBook(try ScenarioLibrary([source], checks: checks))
            let verdicts = book.explain(input, session: "s")
            let match = book.match(input, session: "s", seed: 1)
            if let match {
                let isHeld = verdicts.contains { $0.name == match.name && $0.isMatch }
                Promise.check(isHeld, "\(match.name) matches, and does not when it is explained")
                guard case .answer(let script) = match.reply else { return }
                Answered.check([script], by: Parsers.askers[bytes.count % Parsers.askers.count])
            } else {
                Promise.check(!verdicts.contains(where: \.isMatch), "what is explained to match does not")
            }
        } catch {
            Promise.check(!error.message.isEmpty, "a problem says nothing")
            Promise.check((1...bytes.count + 2).contains(error.line ?? 1), "there is no line \(error.line ?? 0)")
        }
    }
}

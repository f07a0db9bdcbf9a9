// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import LoadTest

/// From what was typed to whom is asked, and what for.
enum BenchTarget {
    /// What is asked where nothing is told, of servers that want to be asked something.
    private static let defaultPrompt = "Tell me about the sea, in a few sentences."

    /// - Parameter url: In the place of the options' own, where two servers are asked the same.
    static func make(_ options: BenchRequestOptions, url: String? = nil) throws(PlanProblem) -> Target {
        var target = try Target(url: url ?? options.url)
        target.format = try PlanProblem.of("--format", try format(options.format))
        for header in options.headers {
            target.headers.append(try PlanProblem.of("--header", try Target.Field(header)))
        }
        let wantsBody = PromptBody.guess(target.path) != nil || target.format?.wireFormat != nil
        switch (options.body, options.prompt) {
        case (.some, .some): throw PlanProblem("--body and --prompt exclude each other", example: "--prompt 'Hello'")
        case (let file?, nil): target.setBody(try PlanProblem.of("--body", try bytes(of: file)))
        case (nil, let prompt?):
            PromptBody.apply(prompt, model: options.model, format: target.format, to: &target)
        case (nil, nil) where wantsBody:
            PromptBody.apply(defaultPrompt, model: options.model, format: target.format, to: &target)
        case (nil, nil): break
        }
        return target
    }

    static func bytes(of file: String) throws(PlanProblem) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: file)))
        } catch {
            throw PlanProblem("\(file) cannot be read", example: "the path of a file that is there")
        }
    }

    private static func format(_ name: String?) throws(PlanProblem) -> StreamFormat? {
        guard let name else { return nil }
        if let format = StreamFormat(rawValue: name) { return format }
        let names = StreamFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw PlanProblem("the format '\(name)' is none of \(names)", example: "--format openai_chat")
    }
}

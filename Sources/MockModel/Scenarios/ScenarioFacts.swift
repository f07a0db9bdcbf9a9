// SPDX-License-Identifier: Apache-2.0

internal import Conversation

/// One request, with what conditions need of it, each made when it is first asked for.
final class ScenarioFacts {
    let input: ScenarioInput
    private(set) lazy var scratch = PatternScratch()

    private(set) lazy var turn = input.turn
    private(set) lazy var model = Subject(input.request.model)
    private(set) lazy var path = Subject(input.path)
    /// One or none.
    private(set) lazy var apiKey = (input.apiKey.map { [$0] } ?? []).map(Subject.init)
    private(set) lazy var headers = input.headers.map { (name: $0.name, value: Subject($0.value)) }
    private(set) lazy var tools = input.request.tools.map { Subject($0.name) }
    private(set) lazy var toolResults = input.toolResults.map(Subject.init)
    private(set) lazy var lastUser = Subject(input.request.lastUserText)
    private(set) lazy var messages = input.request.messages.map { (role: $0.role, text: Subject($0.content)) }

    init(_ input: ScenarioInput) {
        self.input = input
    }

    /// Puts the facts of this request into `marks`.
    func insertFacts(into marks: inout MarkSet) {
        marks.insert(.format(input.request.format))
        marks.insert(.streamed(input.request.isStreamed))
        if let role = input.request.messages.last?.role { marks.insert(.role(role)) }
        marks.insert(.turn(turn))
        marks.insert(.model(model.bytes))
        marks.insert(.path(path.bytes))
        for key in apiKey { marks.insert(.apiKey(key.bytes)) }
        for header in headers {
            marks.insert(.header(header.name, nil))
            marks.insert(.header(header.name, header.value.bytes))
        }
        for tool in tools { marks.insert(.tool(tool.bytes)) }
        for tool in toolResults { marks.insert(.toolResult(tool.bytes)) }
        marks.insert(.lastUser(lastUser.bytes))
    }

    /// Looks for literals in the texts of `place`.
    func scan(_ place: Mark.Place, with scanner: LiteralScanner, into marks: inout MarkSet) {
        switch place {
        case .lastUser: scanner.scan(lastUser.bytes, into: &marks)
        case .foldedLastUser: scanner.scan(lastUser.folded, into: &marks)
        case .messages: for message in messages { scanner.scan(message.text.bytes, into: &marks) }
        case .foldedMessages: for message in messages { scanner.scan(message.text.folded, into: &marks) }
        }
    }
}

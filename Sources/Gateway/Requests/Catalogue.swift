// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import MockModel
internal import Upstream
internal import WireFormats

/// The models that can be asked for.
struct Catalogue: Sendable {
    /// Who answers.
    enum Model: Sendable {
        case mock(MockAnswer)
        case upstream(RoutedModel)

        var name: String {
            switch self {
            case .mock(let answer): answer.rawValue
            case .upstream(let routed): routed.name
            }
        }
    }

    private static let mockPrefix = "mock/"

    private let routes: RouteTable

    init(routes: RouteTable) {
        self.routes = routes
    }

    /// The model called `name`; the first route's, or the mock, where no name is given.
    func model(named name: String?) throws(RequestProblem) -> Model {
        guard let name = name ?? routes.names.first else { return .mock(.mock) }
        if let model = routed(name) { return model }
        let mockName = name.hasPrefix(Self.mockPrefix) ? String(name.dropFirst(Self.mockPrefix.count)) : name
        if let answer = MockAnswer(rawValue: mockName) { return .mock(answer) }
        let known = routes.names + MockAnswer.allCases.map(\.rawValue)
        throw RequestProblem(
            status: 404,
            code: "unknown_model",
            message: "There is no model \"\(name.prefix(100))\". There are: \(known.joined(separator: ", ")).",
            parameter: "model"
        )
    }

    /// Who answers to `name` on an API route: an upstream's model, a built-in answer, or the mock under any name, so that a
    /// program runs unchanged. Where there is an upstream, a name that nobody knows is not mocked in silence.
    /// - Parameter knownModels: The names that the mock takes; nil is all.
    func apiModel(named name: String, knownModels: [String]?) throws(RequestProblem) -> Model {
        if let model = routed(name) { return model }
        // Ollama's clients name the tag too.
        let latest = ":latest"
        if name.hasSuffix(latest), !(knownModels?.contains(name) ?? false) {
            return try apiModel(named: String(name.dropLast(latest.count)), knownModels: knownModels)
        }
        let isMockName = name.hasPrefix(Self.mockPrefix)
        let mockName = isMockName ? String(name.dropFirst(Self.mockPrefix.count)) : name
        if let answer = MockAnswer(rawValue: mockName) { return .mock(answer) }
        if isMockName || knownModels?.contains(name) ?? routes.isEmpty { return .mock(.mock) }
        throw RequestProblem(
            status: 404,
            code: "unknown_model",
            message: "The model \"\(name.prefix(100))\" does not exist here, or you have no access to it.",
            parameter: "model"
        )
    }

    /// A route to the mock alone is the mock, with all that it can do.
    private func routed(_ name: String) -> Model? {
        guard let routed = routes.model(named: name) else { return nil }
        guard routed.plan.targets.count == 1, routed.plan.targets[0].endpoint == nil else { return .upstream(routed) }
        return .mock(MockAnswer(rawValue: routed.plan.targets[0].model) ?? .mock)
    }

    /// The names that API routes list.
    func apiNames(knownModels: [String]?) -> [String] {
        routes.names + (knownModels ?? []) + MockAnswer.allCases.map(\.rawValue)
    }

    /// The body of `GET /chat/models`.
    func listing() -> [UInt8] {
        JSONText.object { text in
            text.name("models")
            text.array { text in
                for name in routes.names {
                    Self.append(name, kind: "upstream", "Answered by a real upstream", to: &text)
                }
                for answer in MockAnswer.allCases {
                    let isHidden = routes.names.contains(answer.rawValue)
                    let name = isHidden ? Self.mockPrefix + answer.rawValue : answer.rawValue
                    Self.append(name, kind: "mock", answer.summary, to: &text)
                }
            }
        }
    }

    private static func append(_ name: String, kind: String, _ description: String, to text: inout JSONText) {
        text.object { text in
            text.name("name")
            text.string(name)
            text.name("kind")
            text.string(kind)
            text.name("description")
            text.string(description)
        }
    }
}

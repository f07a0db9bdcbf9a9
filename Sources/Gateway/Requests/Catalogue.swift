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
        case upstream(UpstreamEndpoint)

        var name: String {
            switch self {
            case .mock(let answer): answer.rawValue
            case .upstream(let endpoint): endpoint.model
            }
        }
    }

    private static let mockPrefix = "mock/"

    private let upstreams: [UpstreamEndpoint]

    init(upstreams: [UpstreamEndpoint]) {
        self.upstreams = upstreams
    }

    /// The model called `name`; the first upstream's, or the mock, where no name is given.
    func model(named name: String?) throws(RequestProblem) -> Model {
        guard let name else { return upstreams.first.map { .upstream($0) } ?? .mock(.mock) }
        if let endpoint = upstreams.first(where: { $0.model == name }) { return .upstream(endpoint) }
        let mockName = name.hasPrefix(Self.mockPrefix) ? String(name.dropFirst(Self.mockPrefix.count)) : name
        if let answer = MockAnswer(rawValue: mockName) { return .mock(answer) }
        let known = upstreams.map(\.model) + MockAnswer.allCases.map(\.rawValue)
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
        if let endpoint = upstreams.first(where: { $0.model == name }) { return .upstream(endpoint) }
        // Ollama's clients name the tag too.
        let latest = ":latest"
        if name.hasSuffix(latest), !(knownModels?.contains(name) ?? false) {
            return try apiModel(named: String(name.dropLast(latest.count)), knownModels: knownModels)
        }
        let isMockName = name.hasPrefix(Self.mockPrefix)
        let mockName = isMockName ? String(name.dropFirst(Self.mockPrefix.count)) : name
        if let answer = MockAnswer(rawValue: mockName) { return .mock(answer) }
        if isMockName || knownModels?.contains(name) ?? upstreams.isEmpty { return .mock(.mock) }
        throw RequestProblem(
            status: 404,
            code: "unknown_model",
            message: "The model \"\(name.prefix(100))\" does not exist here, or you have no access to it.",
            parameter: "model"
        )
    }

    /// The names that API routes list.
    func apiNames(knownModels: [String]?) -> [String] {
        upstreams.map(\.model) + (knownModels ?? []) + MockAnswer.allCases.map(\.rawValue)
    }

    /// The body of `GET /chat/models`.
    func listing() -> [UInt8] {
        JSONText.object { text in
            text.name("models")
            text.array { text in
                for endpoint in upstreams {
                    Self.append(endpoint.model, kind: "upstream", "Answered by a real upstream", to: &text)
                }
                for answer in MockAnswer.allCases {
                    let isHidden = upstreams.contains { $0.model == answer.rawValue }
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

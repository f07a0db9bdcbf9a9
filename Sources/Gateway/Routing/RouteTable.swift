// SPDX-License-Identifier: Apache-2.0

internal import MockModel
internal import Upstream

/// Finds the route of a model's name: an exact one first, then the first prefix or expression that fits.
struct RouteTable: Sendable {
    private enum Test: Sendable {
        case prefix(String)
        case regex(NamePattern)

        func matches(_ name: String) -> Bool {
            switch self {
            case .prefix(let prefix): name.hasPrefix(prefix)
            case .regex(let pattern): pattern.matches(name)
            }
        }
    }

    /// The names of exact routes, in the order of the configuration.
    let names: [String]
    private let endpoints: [String: UpstreamEndpoint]
    private var exact: [String: ModelRoute] = [:]
    private var others: [(test: Test, route: ModelRoute)] = []

    /// - Throws: An expression that is none. The configuration has seen to it that there is no such one.
    init(routes: [ModelRoute], endpoints: [UpstreamEndpoint]) throws(NamePattern.Malformed) {
        self.endpoints = Dictionary(endpoints.map { ($0.name, $0) }) { first, _ in first }
        var names: [String] = []
        for route in routes {
            switch route.pattern {
            case .exact(let name):
                guard exact[name] == nil else { continue }
                exact[name] = route
                names.append(name)
            case .prefix(let prefix): others.append((.prefix(prefix), route))
            case .regex(let text): others.append((.regex(try NamePattern(text)), route))
            }
        }
        self.names = names
    }

    var isEmpty: Bool { exact.isEmpty && others.isEmpty }

    /// Who answers to `name`; nil where no route is for it.
    func model(named name: String) -> RoutedModel? {
        guard let route = exact[name] ?? others.first(where: { $0.test.matches(name) })?.route else { return nil }
        let targets = route.targets.compactMap { target(of: $0, route, name: name) }
        guard !targets.isEmpty else { return nil }
        return RoutedModel(
            name: name,
            plan: CallPlan(targets: targets, policy: route.policy),
            losses: route.losses,
            disconnect: route.disconnect,
            smoothing: route.smoothing,
            isRecorded: route.isRecorded
        )
    }

    private func target(of target: ModelRoute.Target, _ route: ModelRoute, name: String) -> CallTarget? {
        switch target.place {
        case .mock(let answer):
            return CallTarget(endpoint: nil, model: answer, weight: target.weight, priority: target.priority)
        case .upstream(let upstream):
            guard let endpoint = endpoints[upstream] else { return nil }
            let model = Self.rewritten(name, as: target.model, pattern: route.pattern)
            return CallTarget(endpoint: endpoint, model: model, weight: target.weight, priority: target.priority)
        }
    }

    private static func rewritten(_ name: String, as text: String?, pattern: ModelRoute.Pattern) -> String {
        guard let text else { return name }
        var rest = name[...]
        if case .prefix(let prefix) = pattern { rest = name.dropFirst(prefix.count) }
        return String(text.split(separator: "*", omittingEmptySubsequences: false).joined(separator: rest))
    }
}

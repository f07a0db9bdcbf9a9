// SPDX-License-Identifier: Apache-2.0

internal import MockModel
internal import Upstream

/// Reads the section `routes` of a configuration file.
struct RouteReader {
    /// The names that targets may have.
    let upstreams: Set<String>

    func routes(_ node: ConfigurationNode) throws(ConfigurationProblem) -> [ModelRoute] {
        var routes: [ModelRoute] = []
        for item in try node.items() {
            let route = try route(item)
            guard !routes.contains(where: { $0.pattern == route.pattern }) else {
                throw item.problem("has the names of a route before it")
            }
            routes.append(route)
        }
        return routes
    }

    private func route(_ node: ConfigurationNode) throws(ConfigurationProblem) -> ModelRoute {
        let members = try node.members(
            known: [
                "model", "prefix", "regex", "targets", "balance", "retries", "hedge", "losses", "smooth_ms",
                "after_first_token", "on_disconnect", "record",
            ]
        )
        guard let list = members["targets"] else { throw node.problem("needs \"targets\"") }
        var targets: [ModelRoute.Target] = []
        for item in try list.items() { targets.append(try target(item)) }
        guard !targets.isEmpty else { throw list.problem("needs a target") }
        var route = ModelRoute(try pattern(node, members), targets: targets)
        if let node = members["balance"] {
            route.policy.balance = try node.choice(of: CallPolicy.Balance.allCases.map { ($0.rawValue, $0) })
        }
        if let node = members["retries"] { try read(node, into: &route.policy.retries) }
        if let node = members["hedge"] { route.policy.hedge = try hedge(node) }
        if let node = members["losses"] {
            route.losses = try node.choice(of: ModelRoute.Losses.allCases.map { ($0.rawValue, $0) })
        }
        if let node = members["after_first_token"] {
            route.policy.continuesElsewhere = try node.choice(of: [("fail", false), ("continue", true)])
        }
        if let node = members["on_disconnect"] {
            route.disconnect = try node.choice(of: ModelRoute.Disconnect.allCases.map { ($0.rawValue, $0) })
        }
        if let node = members["record"] { route.isRecorded = try node.flag() }
        if let node = members["smooth_ms"] {
            route.smoothing = try node.integer(in: 0...5000)
            guard route.smoothing == 0 || route.smoothing >= 20 else {
                throw node.problem("has to be 0, or 20 to 5000")
            }
        }
        return route
    }

    private func pattern(
        _ node: ConfigurationNode,
        _ members: [String: ConfigurationNode]
    ) throws(ConfigurationProblem) -> ModelRoute.Pattern {
        switch (members["model"], members["prefix"], members["regex"]) {
        case (let member?, nil, nil):
            let model = try member.text()
            guard GatewayConfiguration.isModelName(model) else {
                throw member.problem("may not be empty, contain ? or begin with mock/")
            }
            return .exact(model)
        case (nil, let member?, nil): return .prefix(try member.text())
        case (nil, nil, let member?):
            let text = try member.text()
            do throws(NamePattern.Malformed) {
                _ = try NamePattern(text)
            } catch {
                throw member.problem(error.message)
            }
            return .regex(text)
        default: throw node.problem("needs one of \"model\", \"prefix\" and \"regex\"")
        }
    }

    private func target(_ node: ConfigurationNode) throws(ConfigurationProblem) -> ModelRoute.Target {
        let members = try node.members(known: ["upstream", "mock", "model", "weight", "priority"])
        var target: ModelRoute.Target
        switch (members["upstream"], members["mock"]) {
        case (let member?, nil):
            let name = try member.text()
            guard upstreams.contains(name) else { throw member.problem("there is no upstream of that name") }
            target = ModelRoute.Target(.upstream(name), model: try members["model"]?.text())
        case (nil, let member?):
            let name = try member.text()
            guard MockAnswer(rawValue: name) != nil else {
                let known = MockAnswer.allCases.map(\.rawValue).joined(separator: ", ")
                throw member.problem("there is no such answer of the mock; there are: \(known)")
            }
            target = ModelRoute.Target(.mock(name))
        default: throw node.problem("needs either \"upstream\" or \"mock\"")
        }
        if let node = members["weight"] { target.weight = try node.integer(in: 0...1_000_000) }
        if let node = members["priority"] { target.priority = try node.integer(in: 0...1000) }
        return target
    }

    private func read(_ node: ConfigurationNode, into retries: inout RetrySettings) throws(ConfigurationProblem) {
        let members = try node.members(known: ["attempts", "base_ms", "longest_ms", "longest_retry_after_ms", "on"])
        let range = 0...86_400_000
        if let node = members["attempts"] { retries.attempts = try node.integer(in: 1...100) }
        if let node = members["base_ms"] { retries.baseMilliseconds = try node.integer(in: range) }
        if let node = members["longest_ms"] { retries.longestMilliseconds = try node.integer(in: range) }
        if let node = members["longest_retry_after_ms"] {
            retries.longestRetryAfterMilliseconds = try node.integer(in: range)
        }
        if let node = members["on"] {
            retries.causes = []
            for item in try node.items() {
                retries.causes.insert(try item.choice(of: RetrySettings.Cause.allCases.map { ($0.rawValue, $0) }))
            }
        }
    }

    private func hedge(_ node: ConfigurationNode) throws(ConfigurationProblem) -> HedgeSettings {
        var hedge = HedgeSettings()
        let members = try node.members(known: ["percentile", "least_ms"])
        if let node = members["percentile"] { hedge.percentile = try node.decimal(in: 1...99) }
        if let node = members["least_ms"] { hedge.leastMilliseconds = try node.integer(in: 1...86_400_000) }
        return hedge
    }
}

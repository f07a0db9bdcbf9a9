// SPDX-License-Identifier: Apache-2.0

internal import WireFormats

/// The parameters by which a request of any API tells how it wants to be answered: in its query, or after `?` in the
/// model's name.
enum MockParameters {
    static let names = PaceDecoder.names.union(["fault"])

    /// Takes from a query what is meant for the mock. The rest is the API's own, or nobody's: the real ones ignore what
    /// they do not know.
    static func fromQuery(_ query: String?) throws(RequestProblem) -> ParameterSet {
        guard let query else { return ParameterSet() }
        let own = query.split(separator: "&").filter { pair in names.contains(String(pair.prefix { $0 != "=" })) }
        return try ParameterSet(query: own.joined(separator: "&"))
    }

    /// Splits the parameters off a model's name. Here a name that nobody knows is a slip, and refused.
    static func split(_ model: String) throws(RequestProblem) -> (name: String, parameters: ParameterSet) {
        guard let mark = model.firstIndex(of: "?") else { return (model, ParameterSet()) }
        let parameters = try ParameterSet(query: String(model[model.index(after: mark)...]))
        try parameters.check(known: names)
        return (String(model[..<mark]), parameters)
    }
}

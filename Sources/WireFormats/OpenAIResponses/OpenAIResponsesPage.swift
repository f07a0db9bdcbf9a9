// SPDX-License-Identifier: Apache-2.0

/// Which part of a list is asked for: the query of `GET /v1/responses/{id}/input_items`.
public struct OpenAIResponsesPage: Equatable, Sendable {
    /// The raw values are the names on the wire.
    public enum Order: String, CaseIterable, Sendable {
        /// The oldest first.
        case ascending = "asc"
        /// The newest first.
        case descending = "desc"
    }

    /// The id of the item before the first.
    public var after: String?
    /// The most items, 1 to 100.
    public var limit: Int
    public var order: Order

    public init(after: String? = nil, limit: Int = 20, order: Order = .descending) {
        self.after = after
        self.limit = limit
        self.order = order
    }

    /// Reads `after`, `limit` and `order`, and passes over all else.
    public init(_ parameters: ParameterSet) throws(RequestProblem) {
        after = parameters["after"]
        limit = try parameters.integer("limit", in: 1...100) ?? 20
        order = try parameters.choice("order", of: Order.self) ?? .descending
    }
}

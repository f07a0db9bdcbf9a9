// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Writes the answers of `GET /v1/models` and `GET /v1/models/{id}` (anthropic-messages.md, part 2).
public enum AnthropicModels {
    /// A model as clients see it.
    public typealias Model = (id: String, displayName: String)

    /// A page of the list, at most 20 models unless `limit` says otherwise.
    /// - Parameters:
    ///   - models: All that there are.
    ///   - page: The query: `limit` from 1 to 1000, `after_id`, `before_id`. With `before_id` alone the page is the
    ///     last one before it.
    public static func list(_ models: [Model], page: ParameterSet = ParameterSet()) throws(RequestProblem) -> [UInt8] {
        let limit = try page.integer("limit", in: 1...1000) ?? 20
        let start = try index("after_id", in: models, page).map { $0 + 1 } ?? 0
        let end = try index("before_id", in: models, page) ?? models.count
        let range = models[min(start, end)..<end]
        let isBackward = page["before_id"] != nil && page["after_id"] == nil
        let shown = isBackward ? range.suffix(limit) : range.prefix(limit)
        return JSONText.object { text in
            text.arrayMember("data") { text in
                for model in shown { text.object { text in append(model, to: &text) } }
            }
            text.member("has_more", shown.count < range.count)
            append(shown.first, as: "first_id", to: &text)
            append(shown.last, as: "last_id", to: &text)
        }
    }

    /// One model; 404 where it is not one of `models`.
    public static func get(_ id: String, of models: [Model]) throws(RequestProblem) -> [UInt8] {
        guard let model = models.first(where: { $0.id == id }) else {
            throw RequestProblem(status: 404, code: "unknown_model", message: "model: \(id)", parameter: "model")
        }
        return JSONText.object { text in append(model, to: &text) }
    }

    private static func index(
        _ name: String,
        in models: [Model],
        _ page: ParameterSet
    ) throws(RequestProblem) -> Int? {
        guard let id = page[name] else { return nil }
        guard let index = models.firstIndex(where: { $0.id == id }) else {
            throw RequestProblem(code: "invalid_parameter", message: "\(name): there is no such model", parameter: name)
        }
        return index
    }

    private static func append(_ model: Model, to text: inout JSONText) {
        text.member("type", "model")
        text.member("id", model.id)
        text.member("display_name", model.displayName)
        // The start of Unix time stands for a date that is not known.
        text.member("created_at", RFC3339.text(unixNanoseconds: 0, fractionDigits: 0))
        text.member("lifecycle", "active")
    }

    private static func append(_ model: Model?, as name: String, to text: inout JSONText) {
        if let model { text.member(name, model.id) } else { text.nullMember(name) }
    }
}

// SPDX-License-Identifier: Apache-2.0

public import JSON

/// The bodies that are about a response but are none (openai-responses.md 1).
public enum OpenAIResponsesLists {
    /// One page of the items that a response was asked with.
    /// - Parameter items: In the order of the input, each with an id.
    public static func inputItems(
        _ items: [JSONValue],
        page: OpenAIResponsesPage
    ) throws(RequestProblem) -> [UInt8] {
        var rest = page.order == .ascending ? items[...] : items.reversed()[...]
        if let after = page.after {
            guard let place = rest.firstIndex(where: { $0["id"]?.text == after }) else {
                let message = "\"after\" has to be the id of an item of this list."
                throw RequestProblem(code: "invalid_value", message: message, parameter: "after")
            }
            rest = rest[(place + 1)...]
        }
        let shown = rest.prefix(max(page.limit, 1))
        return JSONText.object { json in
            json.member("object", "list")
            json.member("data", .array(Array(shown)))
            json.member("first_id", shown.first?["id"] ?? .null)
            json.member("last_id", shown.last?["id"] ?? .null)
            json.member("has_more", rest.count > shown.count)
        }
    }

    /// The answer to `DELETE /v1/responses/{id}`.
    public static func deleted(id: String) -> [UInt8] {
        JSONText.object { json in
            json.member("id", id)
            json.member("object", "response")
            json.member("deleted", true)
        }
    }

    /// The answer to `POST /v1/responses/input_tokens`, whose request is that of a response.
    public static func inputTokens(_ count: Int) -> [UInt8] {
        JSONText.object { json in
            json.member("object", "response.input_tokens")
            json.member("input_tokens", count)
        }
    }
}

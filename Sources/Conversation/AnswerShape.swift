// SPDX-License-Identifier: Apache-2.0

public import JSON

/// What the text of an answer has to look like.
public enum AnswerShape: Equatable, Sendable {
    case text
    /// Any JSON object.
    case jsonObject
    /// JSON that this JSON Schema takes.
    case jsonSchema(JSONValue)
}

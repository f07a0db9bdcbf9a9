// SPDX-License-Identifier: Apache-2.0

/// How large the vectors of one request may be.
enum EmbeddingSize {
    /// The length of a vector where a request names none.
    static let defaultDimensions = 256
    /// The longest vector that OpenAI's models give.
    private static let mostDimensions = 3072
    /// The most numbers in all the vectors of an answer: 2048 vectors of 2048 numbers.
    private static let mostNumbers = 1 << 22

    /// - Parameters:
    ///   - field: `dimensions`.
    ///   - allowsZero: 0 stands for the default.
    static func dimensions(_ field: BodyField?, allowsZero: Bool = false) throws(RequestProblem) -> Int? {
        guard let field else { return nil }
        let dimensions = try field.integer()
        if allowsZero, dimensions == 0 { return nil }
        guard dimensions >= 1 else {
            throw field.problem("\"dimensions\" has to be at least 1.", code: "integer_below_min_value")
        }
        guard dimensions <= mostDimensions else {
            throw field.problem(
                "\"dimensions\" has to be at most \(mostDimensions).",
                code: "integer_above_max_value"
            )
        }
        return dimensions
    }

    /// Refuses a request whose answer would be too large.
    static func check(count: Int, dimensions: Int?) throws(RequestProblem) {
        guard count <= mostNumbers / (dimensions ?? defaultDimensions) else {
            throw RequestProblem(
                code: "invalid_value",
                message: "\(count) vectors of \(dimensions ?? defaultDimensions) numbers are more than "
                    + "\(mostNumbers) numbers; send fewer inputs at a time.",
                parameter: "input"
            )
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

extension Target.Field {
    /// Those by which a client frames its request and keeps its connection.
    private static let own = ["connection", "content-length", "transfer-encoding"]

    /// - Parameter text: `name: value`.
    public init(_ text: String) throws(PlanProblem) {
        guard let colon = text.firstIndex(of: ":") else {
            throw PlanProblem("the header '\(text)' has no colon", example: "'authorization: Bearer …'")
        }
        let name = String(text[..<colon])
        // RFC 9110, 5.6.2.
        guard !name.isEmpty, name.utf8.allSatisfy({ $0.isLetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }) else {
            throw PlanProblem("'\(name)' is no name of a header", example: "'authorization: Bearer …'")
        }
        guard !Self.own.contains(name.lowercased()) else {
            throw PlanProblem("the header '\(name)' is typebar's own to write: leave it out")
        }
        let value = String(PlanText.trimmed(text[text.index(after: colon)...]))
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw PlanProblem("the value of the header '\(name)' holds a line break or a control character")
        }
        self.init(name: name, value: value)
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Why a file is no report that can be read here.
public enum ReportFileError: Error, Equatable, CustomStringConvertible {
    /// Byte offset, and what was expected there.
    case notJSON(offset: Int, expected: String)
    case notAReport
    case otherSchema(Int)
    /// Of the right schema, but damaged.
    case damaged(RecordProblem)

    public var description: String {
        switch self {
        case .notJSON(let offset, let expected): "not JSON: at byte \(offset), \(expected); was it cut short?"
        case .notAReport: "JSON, but no report: give a file that 'typebar bench --json FILE' has written"
        case .otherSchema(let schema) where schema > Report.schema:
            "written by a newer typebar (schema \(schema), this one reads \(Report.schema)): use that one, or measure again"
        case .otherSchema(let schema):
            "written by an older typebar (schema \(schema), this one reads \(Report.schema)): measure again"
        case .damaged(let problem): "a damaged report: \(problem)"
        }
    }
}

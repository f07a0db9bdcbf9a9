// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// A report as a JSON file, with all its distributions: it can be compared with others, and merged, without a loss.
public enum ReportFile {
    private static let tool = "typebar bench"

    /// The file, with a line end.
    public static func bytes(_ report: Report) -> [UInt8] {
        let bytes = JSONText.object { text in
            text.member("schema", Report.schema)
            text.member("tool", tool)
            text.member("outcome", report.outcome.rawValue)
            text.member("began", report.began)
            text.member("engine", report.engine)
            text.name("machine")
            report.machine.appendJSON(to: &text)
            text.append("command", report.command)
            text.append("urls", report.urls)
            text.member("seed", .number(String(report.seed)))
            text.append("max_error_rate", report.maxErrorRate)
            text.member("allows_client_bound", report.allowsClientBound)
            text.append("stall_ms", Double(report.stall) / 1e6)
            text.append("reader_rate", report.readerRate)
            if let calibration = report.calibration { text.member("calibration", calibration) }
            if let failure = report.failure { text.member("failure", failure) }
            text.arrayMember("runs") { text in
                for run in report.runs { run.appendJSON(to: &text) }
            }
        }
        return bytes + [UInt8(ascii: "\n")]
    }

    /// Reads what ``bytes(_:)`` wrote. Members that it does not know are left out.
    public static func read(_ bytes: [UInt8]) throws(ReportFileError) -> Report {
        let json: JSONValue
        do {
            json = try JSONReader.read(bytes)
        } catch {
            throw .notJSON(offset: error.offset, expected: error.reason)
        }
        guard json["tool"]?.text == tool, let schema = json["schema"]?.integer else { throw .notAReport }
        guard schema == Report.schema else { throw .otherSchema(schema) }
        do {
            return try Report(RecordField(json))
        } catch {
            throw .damaged(error)
        }
    }
}

extension Report {
    /// More levels than any sweep has.
    private static let mostRuns = 1000

    fileprivate init(_ field: RecordField) throws(RecordProblem) {
        self.init()
        began = try field.count("began")
        engine = try field.text("engine")
        machine = try Machine(field.member("machine"))
        command = try field.texts("command")
        urls = try field.texts("urls")
        let seed = try field.member("seed")
        guard case .number(let digits) = seed.value, let number = UInt64(digits) else {
            throw seed.problem("a whole number of 64 bits")
        }
        self.seed = number
        maxErrorRate = try field.amount("max_error_rate")
        allowsClientBound = try field.bool("allows_client_bound")
        stall = try field.member("stall_ms").time(.milliseconds)
        readerRate = try field.amount("reader_rate")
        if field.value["calibration"] != nil { calibration = try field.text("calibration") }
        if field.value["failure"] != nil { failure = try field.text("failure") }
        for run in try field.member("runs").elements(atMost: Self.mostRuns) { runs.append(try Run(run)) }
    }
}

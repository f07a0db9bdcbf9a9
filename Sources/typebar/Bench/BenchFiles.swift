// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials
internal import LoadTest

/// Reports on disk.
enum BenchFiles {
    /// - Parameter file: A report's JSON.
    static func report(_ file: String) throws -> Report {
        let bytes = try BenchTarget.bytes(of: file)
        do {
            return try ReportFile.read(bytes)
        } catch {
            throw PlanProblem("\(file): \(error)", example: "a file that typebar bench --json has written")
        }
    }

    /// Writes what was asked for. A file that cannot be written is told, and the others are written all the same.
    static func write(_ report: Report, to output: BenchOutputOptions, baseline: Report?) throws {
        var hasFailed = false
        func write(_ file: String?, _ content: () -> [UInt8]) {
            guard let file else { return }
            do {
                try Data(content()).write(to: URL(filePath: file), options: .atomic)
            } catch {
                Output.error("\(file): cannot be written. Does the folder exist, and is there room?")
                hasFailed = true
            }
        }
        write(output.json) { ReportFile.bytes(report) }
        write(output.csv) { ReportCSV.bytes(report) }
        write(output.junit) { ReportJUnit.bytes(report) }
        write(output.html) { Array(ReportPage(report, baseline: baseline).html.utf8) }
        if hasFailed { throw ExitCode.failure }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials
internal import Glibc
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

    /// Finds before a run, which may be long, that its report could not be written.
    static func check(_ output: BenchOutputOptions) throws(PlanProblem) {
        for case .some(let file) in [output.json, output.csv, output.junit, output.html] {
            if isSpecial(file), access(file, W_OK) == 0 { continue }
            let folder = URL(filePath: file).deletingLastPathComponent().path
            guard access(folder, W_OK) == 0 else {
                throw PlanProblem("\(file) cannot be written: there is no folder \(folder), or no right to write there")
            }
        }
    }

    /// Writes what was asked for.
    static func write(_ report: Report, to output: BenchOutputOptions, baseline: Report?) throws {
        try write([
            (output.json, { ReportFile.bytes(report) }), (output.csv, { ReportCSV.bytes(report) }),
            (output.junit, { ReportJUnit.bytes(report) }),
            (output.html, { Array(ReportPage(report, baseline: baseline).html.utf8) }),
        ])
    }

    /// Writes the files that have a name. One that cannot be written is told, and the others are written all the same.
    static func write(_ files: [(name: String?, content: () -> [UInt8])]) throws {
        var hasFailed = false
        for file in files {
            guard let name = file.name else { continue }
            do {
                let options: Data.WritingOptions = isSpecial(name) ? [] : .atomic
                try Data(file.content()).write(to: URL(filePath: name), options: options)
            } catch {
                Output.error("\(name): cannot be written. Does the folder exist, and is there room?")
                hasFailed = true
            }
        }
        if hasFailed { throw ExitCode.failure }
    }

    /// A device, a pipe or a link: to be written to, where a new file in its place would put an end to it.
    private static func isSpecial(_ file: String) -> Bool {
        var info = stat()
        return lstat(file, &info) == 0 && info.st_mode & S_IFMT != S_IFREG
    }
}

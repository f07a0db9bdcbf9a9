// SPDX-License-Identifier: Apache-2.0

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
            throw PlanProblem("\(file): \(error)")
        }
    }

    /// Finds before a run, which may be long, that its report could not be written.
    static func check(_ files: [(option: String, name: String?)]) throws(PlanProblem) {
        for case (let option, .some(let file)) in files {
            guard kind(of: file) != S_IFDIR else {
                throw PlanProblem("\(option): \(file) is a folder", example: "\(option) \(file)/report")
            }
            if isSpecial(file), access(file, W_OK) == 0 { continue }
            let folder = URL(filePath: file).deletingLastPathComponent().path
            guard access(folder, W_OK) == 0 else {
                throw PlanProblem(
                    "\(option): \(file) cannot be written: there is no folder \(folder), or no right to write there"
                )
            }
        }
    }

    /// Writes what was asked for.
    static func write(_ report: Report, to output: BenchOutputOptions, baseline: Report?) -> Bool {
        write([
            (output.json, { ReportFile.bytes(report) }), (output.csv, { ReportCSV.bytes(report) }),
            (output.junit, { ReportJUnit.bytes(report) }),
            (output.html, { Array(ReportPage(report, baseline: baseline).html.utf8) }),
        ])
    }

    /// Writes the files that have a name. One that cannot be written is told, and the others are written all the
    /// same. Returns whether all were.
    static func write(_ files: [(name: String?, content: () -> [UInt8])]) -> Bool {
        var isWritten = true
        for file in files {
            guard let name = file.name else { continue }
            do {
                let options: Data.WritingOptions = isSpecial(name) ? [] : .atomic
                try Data(file.content()).write(to: URL(filePath: name), options: options)
            } catch {
                Output.error("\(name): cannot be written. Does the folder exist, and is there room?")
                isWritten = false
            }
        }
        return isWritten
    }

    /// `S_IFREG` of a file, `S_IFDIR` of a folder and so on; nil where there is nothing.
    private static func kind(of file: String) -> mode_t? {
        var status = stat()
        return stat(file, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// A device, a pipe or a link: to be written to, where a new file in its place would put an end to it.
    private static func isSpecial(_ file: String) -> Bool {
        var status = stat()
        return lstat(file, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    }
}

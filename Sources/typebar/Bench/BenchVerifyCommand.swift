// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import LoadTest

/// `typebar bench verify URL`: proves that a streaming server's answers are right.
struct BenchVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Proves that a server's streamed answers are right, byte for byte.",
        discussion: """
            Checks HTTP, the grammar of the events, their JSON, order, ids and ends, the text's characters, and, where \
            events bear ids, that a stream that is cut goes on without loss. Exit status 0: no error was found; 1: there \
            were some; notes are no errors.
            """
    )

    @Argument(help: "Whom to ask, such as http://127.0.0.1:8080/v1/chat/completions.")
    var url: String

    @Option(help: "A file with the text that the answer has to be.")
    var expect: String?

    @Option(help: "How many times a stream with ids is cut and gone on with; 0: never.")
    var cuts = 8

    @Option(help: "How many answers are asked for, one after another.")
    var requests = 1

    @Option(help: "A file with the request's body; sent with POST.")
    var body: String?

    @Option(help: "The format, such as openai_chat; guessed from the answer where it is not said.")
    var format: String?

    @Option(help: "A header field of the request, as NAME: VALUE (repeatable).")
    var header: [String] = []

    @Option(help: "The longest pause between two events that is no finding, in milliseconds.")
    var stall = 3000

    @Option(help: "How long to wait for a byte until the answer is given up, in milliseconds.")
    var patience = 30_000

    @Option(help: "The most bytes that an event may have.")
    var maxEvent = 1 << 20

    @Option(help: "Of the places at which streams are cut.")
    var seed: UInt64 = 0

    @Option(help: "Writes the report to a file, as JSON.")
    var json: String?

    @Flag(help: "Says nothing where nothing is wrong.")
    var quiet = false

    func run() throws {
        let body = try body.map(read)
        var verifier = Verifier(url: url, headers: try fields(), body: body, format: try knownFormat())
        verifier.expect = try expect.map(read)
        verifier.cuts = cuts
        verifier.requests = requests
        verifier.stall = Int64(stall) * 1_000_000
        verifier.patience = Int64(patience) * 1_000_000
        verifier.largestEvent = maxEvent
        verifier.seed = seed
        let report: VerifyReport
        do throws(VerifyFailure) {
            report = try verifier.run()
        } catch {
            Output.error(error.description)
            throw ExitStatus.unavailable
        }
        if let json { try Data(report.json).write(to: URL(filePath: json)) }
        if !quiet || !report.isVerified { report.lines.forEach(Output.line) }
        throw ExitCode(report.exitCode)
    }

    private func fields() throws -> [Target.Field] {
        var fields: [Target.Field] = []
        for line in header {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw ValidationError("--header needs NAME: VALUE, not '\(line)'") }
            fields.append(Target.Field(name: String(parts[0]), value: String(parts[1].drop { $0 == " " })))
        }
        return fields
    }

    private func knownFormat() throws -> StreamFormat? {
        guard let format else { return nil }
        if let known = StreamFormat(rawValue: format) { return known }
        let names = StreamFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--format '\(format)' is none of \(names)")
    }

    private func read(_ file: String) throws -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: file)))
        } catch {
            throw ValidationError("\(file) cannot be read")
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LoadTest
internal import Upstream

/// `typebar bench verify URL`: proves that a streaming server's answers are right.
struct BenchVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Proves that a server's streamed answers are right, byte for byte.",
        discussion: """
            Checks HTTP, the grammar of the events, their JSON, order, ids and ends, the text's characters, and, where \
            events bear ids, that a stream that is cut goes on without loss. Exit codes: 0 no error was found (notes are \
            none); 1 there were some; 2 wrong usage.
            """
    )

    @OptionGroup var request: BenchRequestOptions

    @Option(help: "A file with the text that the answer has to be.")
    var expect: String?

    @Option(help: "How many times a stream with ids is cut and gone on with; 0: never.")
    var cuts = 8

    @Option(help: "How many answers are asked for, one after another.")
    var requests = 1

    @Option(help: "The longest pause between two events that is no finding.")
    var stall = "3s"

    @Option(help: "How long to wait for a byte until the answer is given up.")
    var timeout = "30s"

    @Option(help: "The most bytes that an event may have.")
    var maxEvent = 1 << 20

    @Option(help: "Of the places at which streams are cut.")
    var seed: UInt64 = 0

    @Option(help: "A proxy: http://host:port, or socks5h://host:port.")
    var proxy: String?

    @Option(help: "A file of certificates to trust in the place of the system's.")
    var caFile: String?

    @Flag(name: .customLong("http2"), help: "Ask over HTTP/2.")
    var usesHTTP2 = false

    @Option(help: "Write what was found as JSON.")
    var json: String?

    @Option(help: "Write what was found as JUnit's XML.")
    var junit: String?

    @Flag(name: [.long, .customShort("q")], help: "Say nothing where nothing is wrong.")
    var quiet = false

    func run() throws {
        do {
            try BenchFiles.check([("--json", json), ("--junit", junit)])
            let report = try verifier().run()
            let isWritten = BenchFiles.write([(json, { report.json }), (junit, { report.junit })])
            if !quiet || !report.isVerified { report.lines.forEach(Output.line) }
            if report.exitCode != 0 { throw ExitCode(report.exitCode) }
            if !isWritten { throw ExitCode.failure }
        } catch let problem as PlanProblem {
            Output.error(problem.description)
            throw ExitStatus.benchUsage
        } catch let failure as VerifyFailure {
            Output.error(failure.description)
            throw ExitCode.failure
        }
    }

    private func verifier() throws(PlanProblem) -> Verifier {
        guard cuts >= 0, requests >= 1, maxEvent >= 1 else {
            throw PlanProblem(
                "--cuts is at least 0, --requests and --max-event at least 1",
                example: "--cuts 8 --requests 1"
            )
        }
        let target = try BenchTarget.make(request)
        let scheme = target.isSecure ? "https://" : "http://"
        let address = scheme + request.url.dropFirst(scheme.count).prefix { !"/?#".contains($0) } + target.path
        var verifier = Verifier(url: address, headers: target.headers, body: target.body, format: target.format)
        if let expect { verifier.expect = try BenchTarget.bytes(of: expect) }
        verifier.cuts = cuts
        verifier.requests = requests
        verifier.stall = try PlanProblem.of("--stall", try DurationText.nanoseconds(stall))
        verifier.patience = try PlanProblem.of("--timeout", try DurationText.nanoseconds(timeout))
        verifier.largestEvent = maxEvent
        verifier.seed = seed
        verifier.connection.proxy = proxy
        verifier.connection.caFile = caFile
        verifier.connection.httpVersion = usesHTTP2 ? .http2 : .http1
        return verifier
    }
}

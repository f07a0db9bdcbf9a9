// SPDX-License-Identifier: Apache-2.0

internal import JSON
public import Typewriter
public import Upstream

/// `typebar bench verify`: asks a streaming server, and proves that its answers are right, byte for byte.
///
/// Blocks: for the command line.
public struct Verifier {
    private let url: String
    private let headers: [Target.Field]
    private let body: [UInt8]?
    private let format: StreamFormat?
    /// What the text of each answer has to be; nil where it is not known.
    public var expect: [UInt8]?
    /// How many times a stream with ids is cut and resumed; 0 does not.
    public var cuts = 8
    /// Answers that are asked for, one after another.
    public var requests = 1
    /// No event for longer than this is a finding.
    public var stall: Nanoseconds = 3 * .second
    /// No byte for longer than this, and the answer is given up.
    public var patience: Nanoseconds = 30 * .second
    /// The most bytes that an event may have.
    public var largestEvent = 1 << 20
    /// Of the places where streams are cut.
    public var seed: UInt64 = 0
    /// Proxy, certificates, HTTP/2.
    public var connection = ConnectionSettings()

    public init(target: Target) {
        self.init(url: target.url, headers: target.headers, body: target.body, format: target.format)
    }

    /// - Parameters:
    ///   - url: `http` or `https`.
    ///   - body: Nil: a GET.
    ///   - format: Nil: guessed from the first answer.
    public init(url: String, headers: [Target.Field], body: [UInt8]?, format: StreamFormat?) {
        self.url = url
        self.headers = headers
        self.body = body
        self.format = format
    }

    public func run() throws(VerifyFailure) -> VerifyReport {
        let reactor: CurlReactor
        do throws(CurlReactor.StartFailure) {
            try CurlReactor.prepareProcess()
            reactor = try CurlReactor()
        } catch {
            throw VerifyFailure(error.description)
        }
        defer { reactor.shutDown() }
        let call = StreamCall(
            reactor: reactor,
            url: url,
            headers: headers,
            body: body,
            connection: connection,
            patience: patience
        )
        var report = VerifyReport(url: url)
        var settings = AnswerInspector.Settings(format: format, expect: expect)
        settings.wantsUsage = wantsUsage
        settings.stall = stall
        settings.largestEvent = largestEvent
        for request in 0..<max(1, requests) {
            var answer = try call.perform(settings)
            if answer.log.contains(.end) { try refine(&answer, settings, call) }
            report.add(answer)
            settings.format = settings.format ?? answer.format
            // The first whole stream shows where the next one can be cut.
            guard request == 0, cuts > 0, answer.isWhole, answer.marks.count > 1 else { continue }
            var resumed = settings
            resumed.expect = nil
            let check = ResumeCheck(call: call, settings: resumed, seed: seed)
            report.add(try check.run(marks: answer.marks.count, cuts: cuts))
        }
        return report
    }

    private var wantsUsage: Bool {
        guard let body, let value = try? JSONReader.read(body) else { return false }
        return value["stream_options"]?["include_usage"]?.bool == true
    }

    /// A stream without its end may have been whole or not: a resume tells.
    private func refine(
        _ answer: inout AnswerInspector,
        _ settings: AnswerInspector.Settings,
        _ call: StreamCall
    ) throws(VerifyFailure) {
        guard let id = answer.lastID, id != answer.firstID else { return }
        var settings = settings
        settings.expect = nil
        let rest = try call.perform(settings, lastEventID: id)
        if rest.status == 200, rest.isWhole, rest.text.isEmpty { answer.onlyTerminatorIsMissing() }
    }
}

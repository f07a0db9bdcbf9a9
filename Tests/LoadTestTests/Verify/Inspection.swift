// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Typewriter
import Upstream

@testable import LoadTest

/// Has an answer judged without a server.
struct Inspection {
    var format: StreamFormat?
    var expect: String?
    var status = 200
    var contentType = "text/event-stream; charset=utf-8"
    var length: Int?
    var cut = AnswerCut.complete
    var stall: Nanoseconds = 3 * .second
    var largestEvent = 1 << 20
    var wantsUsage = false

    /// - Parameter pieces: The body as reads bring it, each a millisecond after the one before.
    func judge(pieces: [[UInt8]]) -> AnswerInspector {
        var settings = AnswerInspector.Settings(format: format, expect: expect.map { Array($0.utf8) })
        settings.stall = stall
        settings.wantsUsage = wantsUsage
        settings.largestEvent = largestEvent
        var inspector = AnswerInspector(settings)
        var fields = [TransferRequest.Field(name: "Content-Type", value: contentType)]
        if let length { fields.append(.init(name: "Content-Length", value: String(length))) }
        var time: Nanoseconds = 0
        inspector.answered(TransferHead(status: status, fields: fields), at: time)
        for piece in pieces {
            time += .millisecond
            inspector.received(piece, at: time)
        }
        inspector.ended(cut, at: time)
        return inspector
    }

    func judge(_ body: String) -> AnswerInspector { judge(pieces: [Array(body.utf8)]) }

    func errors(_ body: String) -> [FindingKind] { Self.errors(judge(body)) }

    static func errors(_ inspector: AnswerInspector) -> [FindingKind] {
        inspector.log.findings.filter { $0.severity == .error }.map(\.kind)
    }

    static func notes(_ inspector: AnswerInspector) -> [FindingKind] {
        inspector.log.findings.filter { $0.severity == .note }.map(\.kind)
    }

    /// A stream that the renderers' tests hold to be right.
    static func golden(_ name: String, test: String = #filePath) -> String {
        let tests = test.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        return String(decoding: GoldenFile.content(of: "\(tests)/WireFormatsTests/Golden/\(name)"), as: UTF8.self)
    }

    static func ofNDJSON(_ name: String) -> Inspection {
        Inspection(contentType: name.hasSuffix(".ndjson") ? "application/x-ndjson" : "text/event-stream")
    }

    /// What `/chat/stream` sends.
    static func chat(_ pieces: [String], isJSON: Bool = false, end: Bool = true) -> String {
        let sid = "abcdefghijklmnopqrstuvwxyz"
        var body = "retry: 2000\n\nevent: start\nid: \(sid).0\ndata: {\"id\":\"\(sid)\",\"model\":\"m\"}\n\n"
        var offset = 0
        for piece in pieces {
            offset += piece.utf8.count
            body += "id: \(sid).\(offset)\ndata: " + (isJSON ? "{\"delta\":\"\(piece)\"}" : piece) + "\n\n"
        }
        return body + (end ? "id: \(sid).end\ndata: [DONE]\n\n" : "")
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Journal
internal import Typewriter

extension Stream {
    /// Tells the log of a reader's request what it has read.
    func tell(_ report: RequestReport, isResumed: Bool) {
        report.firstToken = firstFrame.map { max($0, report.start) }
        // Who resumes has had some of them before.
        if !isResumed { report.units = typewriter.typedUnits }
        if hasEnded { report.usage = toldUsage }
        if case .fault(let fault) = log.outcome { report.error = fault.kind.rawValue }
    }
}

// SPDX-License-Identifier: Apache-2.0

public import JSON

extension RunRecord {
    /// Writes an object from which the record can be read again, and merged with others, without a loss.
    public func appendJSON(to text: inout JSONText) {
        text.object { text in
            text.member("interrupted", wasInterrupted)
            text.name("signals")
            signals.appendJSON(to: &text)
            text.arrayMember("targets") { text in
                for target in targets { target.appendJSON(to: &text) }
            }
        }
    }

    /// Reads what ``appendJSON(to:)`` wrote. Members that it does not know are left out.
    public init(json: JSONValue) throws(RecordProblem) {
        self.init()
        let field = RecordField(json)
        wasInterrupted = try field.bool("interrupted")
        signals = try TrustSignals(field.member("signals"))
        for target in try field.member("targets").elements(atMost: Self.mostTargets) {
            targets.append(try TargetRecord(target))
        }
    }

    private static let mostTargets = 16
}

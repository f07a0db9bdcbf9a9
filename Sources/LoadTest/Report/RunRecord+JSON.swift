// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension RunRecord {
    /// An object, on one line, from which the record can be read again, and merged with others, without a loss.
    public var json: [UInt8] {
        var text = JSONText()
        appendJSON(to: &text)
        return text.bytes
    }

    /// Reads what ``json`` wrote.
    public init(json bytes: [UInt8]) throws(RecordProblem) {
        let value: JSONValue
        do {
            value = try JSONReader.read(bytes)
        } catch {
            throw RecordProblem(path: "", expected: "JSON")
        }
        try self.init(json: value)
    }

    func appendJSON(to text: inout JSONText) {
        text.object { text in
            text.member("interrupted", wasInterrupted)
            text.name("signals")
            signals.appendJSON(to: &text)
            text.arrayMember("targets") { text in
                for target in targets { target.appendJSON(to: &text) }
            }
        }
    }

    /// Members that it does not know are left out.
    init(json: JSONValue) throws(RecordProblem) {
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

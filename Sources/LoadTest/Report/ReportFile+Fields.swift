// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension JSONText {
    mutating func append(_ name: String, _ texts: [String]) {
        arrayMember(name) { text in
            for item in texts { text.string(item) }
        }
    }

    /// JSON has no word for what is no finite number.
    mutating func append(_ name: String, _ number: Double) {
        self.name(name)
        if number.isFinite { self.number(number) } else { null() }
    }
}

extension RecordField {
    func text(_ name: String) throws(RecordProblem) -> String {
        let member = try member(name)
        guard let text = member.value.text else { throw member.problem("text") }
        return text
    }

    func texts(_ name: String) throws(RecordProblem) -> [String] {
        var texts: [String] = []
        for element in try member(name).elements(atMost: 10_000) {
            guard let text = element.value.text else { throw element.problem("text") }
            texts.append(text)
        }
        return texts
    }
}

extension Machine {
    func appendJSON(to text: inout JSONText) {
        text.object { text in
            text.member("kernel", kernel)
            text.member("processor", processor)
            text.member("cores", cores)
            text.member("typebar", typebar)
        }
    }

    init(_ field: RecordField) throws(RecordProblem) {
        self.init()
        kernel = try field.text("kernel")
        processor = try field.text("processor")
        cores = try field.count("cores")
        typebar = try field.text("typebar")
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Typewriter

/// A part of a record's JSON that knows where it is, so that what does not fit is told with its place.
struct RecordField {
    let value: JSONValue
    /// Of the whole: empty.
    var path = ""
    /// Of a member.
    var name = ""

    init(_ value: JSONValue, path: String = "", name: String = "") {
        self.value = value
        self.path = path
        self.name = name
    }

    func problem(_ expected: String) -> RecordProblem {
        RecordProblem(path: path, expected: expected)
    }

    func member(_ name: String) throws(RecordProblem) -> RecordField {
        let path = path.isEmpty ? name : "\(path).\(name)"
        guard let value = value[name] else { throw RecordProblem(path: path, expected: "there") }
        return RecordField(value, path: path, name: name)
    }

    func members() throws(RecordProblem) -> [RecordField] {
        guard let members = value.members else { throw problem("an object") }
        return members.map { RecordField($0.value, path: "\(path).\($0.name)", name: $0.name) }
    }

    func elements(atMost most: Int) throws(RecordProblem) -> [RecordField] {
        guard let values = value.array, values.count <= most else { throw problem("an array of at most \(most)") }
        return values.enumerated().map { RecordField($1, path: "\(path)[\($0)]") }
    }

    /// A whole number that sums cannot take to the end of its range soon.
    func count() throws(RecordProblem) -> Int {
        guard let count = value.integer, 0...Self.most ~= count else { throw problem("a whole number from 0") }
        return count
    }

    func count(_ name: String) throws(RecordProblem) -> Int {
        try member(name).count()
    }

    func amount() throws(RecordProblem) -> Double {
        guard let amount = value.double, amount >= 0, amount <= Double(Self.most) else {
            throw problem("a number from 0")
        }
        return amount
    }

    func amount(_ name: String) throws(RecordProblem) -> Double {
        try member(name).amount()
    }

    /// As ``Distribution`` keeps it.
    func time(_ unit: Metric.Unit) throws(RecordProblem) -> Nanoseconds {
        let time = try amount() * unit.scale
        guard time <= Double(Self.most) else { throw problem("a time within a century") }
        return Nanoseconds(time.rounded())
    }

    func bool(_ name: String) throws(RecordProblem) -> Bool {
        let member = try member(name)
        guard let bool = member.value.bool else { throw member.problem("true or false") }
        return bool
    }

    func name<Name: RawRepresentable<String>>(as _: Name.Type) throws(RecordProblem) -> Name {
        guard let text = value.text, let name = Name(rawValue: text) else { throw problem("a name that is known") }
        return name
    }

    func ownName<Name: RawRepresentable<String>>(as _: Name.Type) throws(RecordProblem) -> Name {
        guard let name = Name(rawValue: name) else { throw problem("named by a known name") }
        return name
    }

    private static let most = 1 << 61
}

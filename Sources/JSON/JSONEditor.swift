// SPDX-License-Identifier: Apache-2.0

/// Changes members of an object's JSON text, and leaves every other byte of it as it was: names that nobody here knows,
/// digits, white space.
public struct JSONEditor {
    private struct Place {
        let name: Range<Int>
        let value: Range<Int>
    }

    /// The text as it now stands.
    public private(set) var bytes: [UInt8]

    /// - Parameter bytes: A JSON object, already known to be one: of anything else, the edits have no sense.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Gives the outermost object's member `name` a value, in its old place where it has one.
    ///
    /// A name that stands more than once gets the value each time: readers disagree about which of them counts.
    /// - Parameter value: JSON.
    public mutating func set(_ name: String, to value: [UInt8]) {
        let found = places().filter { place in
            guard let text = try? JSONReader.read(Array(bytes[place.name])).text else { return false }
            return text == name
        }
        for place in found.reversed() { bytes.replaceSubrange(place.value, with: value) }
        guard found.isEmpty, let start = bytes.firstIndex(of: UInt8(ascii: "{")) else { return }
        let isEmpty = bytes[(start + 1)...].first { !Self.isSpace($0) } == UInt8(ascii: "}")
        let member = JSONValue.string(Array(name.utf8)).jsonBytes + [UInt8(ascii: ":")] + value
        bytes.insert(contentsOf: member + (isEmpty ? [] : [UInt8(ascii: ",")]), at: start + 1)
    }

    /// The members of the outermost object.
    private func places() -> [Place] {
        guard let start = bytes.firstIndex(of: UInt8(ascii: "{")) else { return [] }
        var places: [Place] = []
        var index = start + 1
        while let nameStart = next(UInt8(ascii: "\""), from: index) {
            let nameEnd = endOfString(at: nameStart)
            guard let colon = next(UInt8(ascii: ":"), from: nameEnd) else { break }
            var valueStart = colon + 1
            while valueStart < bytes.count, Self.isSpace(bytes[valueStart]) { valueStart += 1 }
            let valueEnd = endOfValue(at: valueStart)
            places.append(Place(name: nameStart..<nameEnd, value: valueStart..<valueEnd))
            guard let comma = next(UInt8(ascii: ","), from: valueEnd) else { break }
            index = comma + 1
        }
        return places
    }

    /// Where `byte` stands, if only white space is before it.
    private func next(_ byte: UInt8, from start: Int) -> Int? {
        var index = start
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
        return index < bytes.count && bytes[index] == byte ? index : nil
    }

    private func endOfString(at start: Int) -> Int {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, bytes.count)
    }

    private func endOfValue(at start: Int) -> Int {
        var index = start
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index = endOfString(at: index)
                if depth == 0 { return index }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // The object's own end, behind a plain value.
                if depth == 0 { return index }
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D:
                if depth == 0 { return index }
            default: break
            }
            index += 1
        }
        return index
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}

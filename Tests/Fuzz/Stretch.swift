// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport

/// Makes long inputs of a few short ones, to find what takes more time or memory than the length accounts for.
enum Stretch {
    /// One in so many inputs is stretched.
    private static let oneIn: UInt64 = 512
    private static let length = 128 << 10

    /// Nil for most inputs.
    static func stretched(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8]? {
        guard !bytes.isEmpty, dice.next() % oneIn == 0 else { return nil }
        if dice.next() % 2 == 0, let value = try? JSONReader.read(bytes) {
            var place = Int.random(in: 0..<nodes(of: value), using: &dice)
            return stretched(value, at: &place).jsonBytes
        }
        let start = Int.random(in: 0..<bytes.count, using: &dice)
        let end = Int.random(in: start + 1...bytes.count, using: &dice)
        let middle = Array(bytes[start..<end])
        return bytes[..<start] + repeated(middle, each: middle.count) + bytes[end...]
    }

    private static func nodes(of value: JSONValue) -> Int {
        let children = value.array ?? value.members?.map(\.value) ?? []
        return children.reduce(1) { $0 + nodes(of: $1) }
    }

    /// The value with the node at `place`, counted from its root, repeating what is in it.
    private static func stretched(_ value: JSONValue, at place: inout Int) -> JSONValue {
        place -= 1
        let isChosen = place == -1
        switch value {
        case .string(let bytes): return isChosen ? .string(repeated(bytes, each: bytes.count)) : value
        case .array(let items):
            let inner = items.map { stretched($0, at: &place) }
            return .array(isChosen ? repeated(inner, each: value.jsonBytes.count) : inner)
        case .object(let members):
            let inner = members.map { JSONValue.Member(name: $0.name, value: stretched($0.value, at: &place)) }
            return .object(isChosen ? repeated(inner, each: value.jsonBytes.count) : inner)
        default: return value
        }
    }

    /// - Parameter each: The bytes of `items`.
    private static func repeated<Item>(_ items: [Item], each size: Int) -> [Item] {
        Array([[Item]](repeating: items, count: length / max(1, size)).joined())
    }
}

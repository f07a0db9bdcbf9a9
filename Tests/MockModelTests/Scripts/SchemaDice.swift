// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport

/// Throws schemas that can be satisfied.
struct SchemaDice {
    private var dice: Dice
    private static let names = ["city", "count", "tags", "next", "first_name", "when", "é", "a b"]

    init(seed: UInt64) {
        dice = Dice(seed: seed)
    }

    /// A schema with definitions, one of which refers to itself.
    mutating func schema() -> JSONValue {
        guard case .object(var members) = part(depth: 0) else { return .bool(true) }
        let node = ##"""
            {"type":"object","required":["value","next"],"properties":{"value":\##(text(scalar())),
            "next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]},
            "all":{"type":"array","items":{"$ref":"#/$defs/node"}}}}
            """##
        let leaf = text(scalar())
        members.append(JSONValue.Member(name: "$defs", value: json(##"{"node":\##(node),"leaf":\##(leaf)}"##)))
        return .object(members)
    }

    private mutating func part(depth: Int) -> JSONValue {
        switch roll(depth > 3 ? 3 : 9) {
        case 0, 1: scalar()
        case 2: json(##"{"$ref":"#/$defs/\##(roll(2) == 0 ? "node" : "leaf")"}"##)
        case 3, 4: object(depth: depth)
        case 5: array(depth: depth)
        case 6: json(##"{"anyOf":[\##(text(part(depth: depth + 1))),{"type":"null"}]}"##)
        case 7: json(##"{"oneOf":[{"type":"boolean"},{"type":"integer","minimum":\##(roll(9))}]}"##)
        default: json(##"{"allOf":[\##(text(object(depth: depth + 1))),{"type":"object","required":["extra"]}]}"##)
        }
    }

    private mutating func scalar() -> JSONValue {
        let low = roll(50) - 25
        let length = roll(6)
        switch roll(10) {
        case 0: return json(##"{"type":"string"}"##)
        case 1: return json(##"{"type":"string","minLength":\##(length * 9),"maxLength":\##(length * 9 + roll(3))}"##)
        case 2:
            let high = low + 1 + roll(4)
            return json(##"{"type":["null","integer"],"minimum":\##(low),"exclusiveMaximum":\##(high)}"##)
        case 3: return json(##"{"type":"number","exclusiveMinimum":\##(low),"maximum":\##(low + 1).5}"##)
        case 4: return json(##"{"type":"number","minimum":\##(low),"multipleOf":0.0\##(1 + roll(9))}"##)
        case 5: return json(##"{"enum":["a",\##(low),null,{"x":[]}]}"##)
        case 6: return json(##"{"const":{"x":[\##(low),"é"]}}"##)
        case 7:
            let format = ["date-time", "uuid", "email", "ipv4", "uri"][roll(5)]
            return json(##"{"type":"string","format":"\##(format)"}"##)
        case 8: return json(##"{"type":"string","pattern":"^[A-Z]{\##(1 + length)}-\\d+(foo|bar)?$"}"##)
        default: return json(##"{"type":"integer","multipleOf":\##(1 + roll(40)),"default":\##(low)}"##)
        }
    }

    private mutating func object(depth: Int) -> JSONValue {
        var properties: [JSONValue.Member] = []
        var required: [JSONValue] = []
        for name in Self.names where roll(3) == 0 {
            properties.append(JSONValue.Member(name: name, value: part(depth: depth + 1)))
            if roll(2) == 0 { required.append(.string(Array(name.utf8))) }
        }
        var members = [
            JSONValue.Member(name: "type", value: json(##""object""##)),
            JSONValue.Member(name: "properties", value: .object(properties)),
            JSONValue.Member(name: "required", value: .array(required)),
        ]
        if roll(4) == 0 { members.append(JSONValue.Member(name: "minProperties", value: .number("\(roll(12))"))) }
        return .object(members)
    }

    private mutating func array(depth: Int) -> JSONValue {
        let least = roll(4)
        let bounds = ##""type":"array","minItems":\##(least),"maxItems":\##(least + roll(3))"##
        if roll(4) == 0 { return json(##"{\##(bounds),"items":{"type":"integer"},"uniqueItems":true}"##) }
        let prefix = roll(3) == 0 ? ##","prefixItems":[{"type":"boolean"},{"type":"string"}]"## : ""
        return json(##"{\##(bounds),"items":\##(text(part(depth: depth + 1)))\##(prefix)}"##)
    }

    private mutating func roll(_ sides: Int) -> Int {
        Int.random(in: 0..<sides, using: &dice)
    }

    private func json(_ text: String) -> JSONValue {
        (try? JSONReader.read(Array(text.utf8))) ?? .bool(false)
    }

    private func text(_ value: JSONValue) -> String {
        String(decoding: value.jsonBytes, as: UTF8.self)
    }
}

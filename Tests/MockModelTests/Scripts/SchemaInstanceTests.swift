// SPDX-License-Identifier: Apache-2.0

import JSON
import TestSupport
import Testing

@testable import MockModel

struct SchemaInstanceTests {
    @Test
    func `an instance of any schema that can be satisfied validates`() {
        for seed in 0..<1_500 {
            var dice = SchemaDice(seed: UInt64(seed))
            let schema = dice.schema()
            let instance = SchemaInstance.make(schema, seed: UInt64(seed))
            let problem = SchemaCheck(root: schema).problem(instance, schema)
            #expect(problem == nil, "seed \(seed): \(Self.text(schema)) gave \(Self.text(instance))")
        }
    }

    @Test(arguments: realSchemas)
    func `an instance of a schema as programs write them validates`(text: String) throws {
        let schema = try JSONReader.read(Array(text.utf8))
        for seed in 0..<20 {
            let instance = SchemaInstance.make(schema, seed: UInt64(seed))
            let problem = SchemaCheck(root: schema).problem(instance, schema)
            #expect(problem == nil, "\(Self.text(instance))")
        }
    }

    @Test
    func `all properties are filled, in their order, with text that tells what it stands for`() throws {
        let properties = #""first_name":{"type":"string"},"age":{"type":"integer"},"ok":{"type":"boolean"}"#
        let schema = try JSONReader.read(Array(#"{"properties":{\#(properties)}}"#.utf8))
        let instance = SchemaInstance.make(schema, seed: 3)
        #expect(instance.members?.map(\.name) == ["first_name", "age", "ok"])
        #expect(instance["first_name"]?.text?.hasSuffix("first name") == true)
    }

    @Test
    func `a recursion ends early: the optional parts of its second round are dropped`() throws {
        let schema = try JSONReader.read(
            Array(##"{"type":"object","required":["n"],"properties":{"n":{"type":"null"},"next":{"$ref":"#"}}}"##.utf8)
        )
        let instance = SchemaInstance.make(schema, seed: 1)
        #expect(Self.text(instance) == ##"{"n":null,"next":{"n":null,"next":{"n":null}}}"##)
    }

    @Test(arguments: [
        "false", ##"{"$ref":"#"}"##, ##"{"allOf":[{"type":"string"},{"type":"object"}]}"##, ##"{"enum":[]}"##,
        ##"{"type":"object","required":["a"],"properties":{"a":{"$ref":"#"}}}"##,
        ##"{"type":"array","minItems":1e300}"##, ##"{"type":"string","minLength":1000000000}"##,
        #"{"type":"number","multipleOf":1e-9223372036854775808,"minimum":2,"maximum":1}"#,
        ##"{"type":"integer","minimum":1.2,"maximum":1.8}"##, ##"{"anyOf":[]}"##,
    ])
    func `where nothing can satisfy a schema, the instance is an empty object`(text: String) throws {
        let schema = try JSONReader.read(Array(text.utf8))
        #expect(SchemaInstance.make(schema, seed: 1) == .object([]))
    }

    @Test
    func `a schema that would be huge is given up`() throws {
        let branches = (0..<20).map { ##""p\##($0)":{"$ref":"#/$defs/\##($0 % 4)"}"## }.joined(separator: ",")
        let part = ##"{"type":"object","properties":{\##(branches)}}"##
        let parts = (0..<4).map { ##""\##($0)":\##(part)"## }.joined(separator: ",")
        let schema = try JSONReader.read(Array(##"{"$ref":"#/$defs/0","$defs":{\##(parts)}}"##.utf8))
        #expect(SchemaInstance.make(schema, seed: 1).jsonBytes.count < 500_000)
        let list = try JSONReader.read(
            Array(##"{"type":"array","minItems":4000,"items":{"type":"array","minItems":4000}}"##.utf8)
        )
        #expect(SchemaInstance.make(list, seed: 1) == .object([]))
    }

    @Test(arguments: [
        (0..<40_000).map { #"{"properties":{"p\#($0)":{}},"required":["p\#($0)"]}"# },
        (0..<40_000).map { #"{"properties":{"p":{"minLength":\#($0)}}}"# },
        (0..<40_000).map { #"{"enum":[\#($0),\#($0 + 1)]}"# },
        (0..<400).map { #"{"type":[\#((0..<400).map { #""t\#($0)""# }.joined(separator: ","))],"n":\#($0)}"# },
    ])
    func `a schema that takes many steps to put together is given up`(parts: [String]) throws {
        let schema = try JSONReader.read(Array(#"{"allOf":[\#(parts.joined(separator: ","))]}"#.utf8))
        for choices in [1, 128] { #expect(SchemaInstance.make(schema, seed: 1, choices: choices) == .object([])) }
    }

    @Test
    func `of many instances each is still made of a schema of usual size`() throws {
        let properties = (0..<60).map { #""p\#($0)":{"type":"string"}"# }.joined(separator: ",")
        let schema = try JSONReader.read(Array(#"{"type":"object","properties":{\#(properties)}}"#.utf8))
        #expect(SchemaInstance.make(schema, seed: 1, choices: 128).members?.count == 60)
    }

    @Test
    func `whatever is given as a schema, something comes out, and the same each time`() {
        for seed in 0..<1_500 {
            var dice = SchemaDice(seed: UInt64(seed))
            var bytes = dice.schema().jsonBytes
            var damage = Dice(seed: UInt64(seed))
            let keywords = ["\"type\"", "\"$ref\"", "\"items\"", "\"allOf\"", "\"anyOf\"", "-1", "1e400", "null", "[]"]
            for _ in 0..<3 {
                let place = Int.random(in: 0..<bytes.count, using: &damage)
                let end = min(bytes.count, place + Int.random(in: 1..<12, using: &damage))
                guard let word = keywords.randomElement(using: &damage) else { continue }
                let candidate = Array(bytes[..<place]) + Array(word.utf8) + Array(bytes[end...])
                if (try? JSONReader.read(candidate)) != nil { bytes = candidate }
            }
            guard let schema = try? JSONReader.read(bytes) else { continue }
            let instance = SchemaInstance.make(schema, seed: 5)
            #expect(instance == SchemaInstance.make(schema, seed: 5))
        }
    }

    private static func text(_ value: JSONValue) -> String {
        String(decoding: value.jsonBytes, as: UTF8.self)
    }

    private static let realSchemas = [
        // A tool, as the guides show it.
        ##"""
        {"type":"object","properties":{"location":{"type":"string","description":"City and country"},
        "unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["location"],"additionalProperties":false}
        """##,
        // As Pydantic writes it.
        ##"""
        {"$defs":{"Step":{"properties":{
        "explanation":{"title":"Explanation","type":"string"},
        "output":{"title":"Output","type":"string"}},
        "required":["explanation","output"],"title":"Step","type":"object"}},
        "properties":{"steps":{"items":{"$ref":"#/$defs/Step"},"title":"Steps","type":"array"},
        "final_answer":{"anyOf":[{"type":"string"},{"type":"null"}],"default":null,"title":"Final Answer"},
        "score":{"default":0.5,"maximum":1,"minimum":0,"type":"number"},
        "labels":{"additionalProperties":{"type":"integer"},"type":"object"}},
        "required":["steps"],"title":"Reasoning","type":"object"}
        """##,
        // As zod-to-json-schema writes it.
        ##"""
        {"$ref":"#/definitions/Recipe","definitions":{"Recipe":{"type":"object","properties":{
        "name":{"type":"string","minLength":1},"ingredients":{"type":"array","items":{"type":"object",
        "properties":{"name":{"type":"string"},"amount":{"type":"number","exclusiveMinimum":0}},
        "required":["name","amount"],"additionalProperties":false},"minItems":3},
        "difficulty":{"type":"string","enum":["easy","hard"]},"id":{"type":"string","format":"uuid"}},
        "required":["name","ingredients"],"additionalProperties":false}},
        "$schema":"http://json-schema.org/draft-07/schema#"}
        """##,
        // A tree, strict.
        ##"""
        {"type":"object","properties":{"type":{"type":"string","enum":["div","button"]},"label":{"type":"string"},
        "children":{"type":"array","items":{"$ref":"#"}},"attributes":{"type":"array","items":{"type":"object",
        "properties":{"name":{"type":"string"},"value":{"type":"string"}},"additionalProperties":false,
        "required":["name","value"]}}},"required":["type","label","children","attributes"],"additionalProperties":false}
        """##,
        // A linked list.
        ##"""
        {"type":"object","properties":{"list":{"$ref":"#/$defs/node"}},"$defs":{"node":{"type":"object","properties":
        {"value":{"type":"number"},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}},
        "additionalProperties":false,"required":["next","value"]}},"required":["list"],"additionalProperties":false}
        """##,
        // A union with a mark.
        ##"""
        {"type":"object","properties":{"event":{"oneOf":[
        {"type":"object","properties":{"kind":{"const":"click"},"x":{"type":"integer"}},"required":["kind","x"]},
        {"type":"object","properties":{"kind":{"const":"key"},"code":{"type":"string","maxLength":1}},
        "required":["kind","code"]}]}},"required":["event"]}
        """##,
        // Inheritance.
        ##"""
        {"allOf":[{"type":"object","properties":{"id":{"type":"integer","minimum":1}},"required":["id"]},
        {"type":"object","properties":{"id":{"maximum":3},"email":{"type":"string","format":"email"},
        "phone":{"type":"string","pattern":"^\\+?[1-9]\\d{6,14}$"},
        "zip":{"type":"string","pattern":"^\\d{5}(-\\d{4})?$"}},
        "required":["email","phone","zip"]}],"minProperties":4}
        """##,
        // An array at the top, tuples, dates.
        ##"""
        {"type":"array","minItems":2,"maxItems":2,"items":{"type":"object","properties":{
        "point":{"type":"array","prefixItems":[{"type":"number","minimum":-90,"maximum":90},
        {"type":"number","minimum":-180,"maximum":180}],"items":false,"minItems":2},
        "at":{"type":"string","format":"date-time"},"day":{"type":"string","format":"date"},
        "price":{"type":"number","multipleOf":0.01,"minimum":0.99},"tags":{"type":"array","uniqueItems":true,
        "items":{"type":"string"},"minItems":3}},"required":["point","at","day","price","tags"]}}
        """##,
        // Of OpenAPI 3.0.
        ##"""
        {"type":"object","properties":{"name":{"type":"string","nullable":true,"example":"Rex","maxLength":20},
        "weight":{"type":"number","minimum":0,"exclusiveMinimum":true,"maximum":0.5},
        "tags":{"type":"array","items":{"type":"string","minLength":3}}},"required":["name","weight"]}
        """##,
        "{}", "true", ##"{"type":"string","pattern":"^(?:#[0-9a-fA-F]{6}|[a-z]{3,})$","minLength":9}"##,
        ##"{"type":"string","pattern":"^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$"}"##, ##"{"type":["null","boolean"]}"##,
        ##"{"type":"string","pattern":"^\\w+([.-]?\\w+)*$","minLength":40,"maxLength":80}"##,
    ]
}

// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing
import WireFormats

struct OpenAIResponsesListTests {
    private static let items = (0..<5).map { number in
        JSONValue.object([JSONValue.Member(name: "id", value: .string(Array("i\(number)".utf8)))])
    }

    @Test(arguments: [
        ("", ["i4", "i3", "i2", "i1", "i0"], false),
        ("order=asc", ["i0", "i1", "i2", "i3", "i4"], false),
        ("order=asc&limit=2", ["i0", "i1"], true),
        ("order=asc&limit=2&after=i1", ["i2", "i3"], true),
        ("order=asc&limit=2&after=i2", ["i3", "i4"], false),
        ("order=desc&after=i1", ["i0"], false),
        ("after=i0&include=x", [], false),
    ])
    func `a page holds the items asked for, and tells whether there are more`(
        query: String,
        ids: [String],
        hasMore: Bool
    ) throws {
        let page = try OpenAIResponsesPage(ParameterSet(query: query))
        let list = try JSONReader.read(OpenAIResponsesLists.inputItems(Self.items, page: page))
        #expect(list["data"]?.array?.compactMap { $0["id"]?.text } == ids)
        #expect(list["first_id"]?.text == ids.first)
        #expect(list["last_id"]?.text == ids.last)
        #expect(list["has_more"]?.bool == hasMore)
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("order=up", "order"),
        ("after=z", "after"),
    ])
    func `a page that cannot be is refused by the parameter's name`(query: String, parameter: String) {
        let problem = #expect(throws: RequestProblem.self) {
            let page = try OpenAIResponsesPage(ParameterSet(query: query))
            _ = try OpenAIResponsesLists.inputItems(Self.items, page: page)
        }
        #expect(problem?.parameter == parameter)
        #expect(problem?.status == 400)
    }

    @Test
    func `an empty list has no first and no last`() throws {
        let list = try JSONReader.read(OpenAIResponsesLists.inputItems([], page: OpenAIResponsesPage()))
        #expect(list["first_id"] == .null)
        #expect(list["last_id"] == .null)
        #expect(list["has_more"] == .bool(false))
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import JSON

/// Tells which call a fragment of `tool_calls` belongs to, and passes on an id and a name only once.
///
/// The index alone is not to be trusted: servers exist that leave it out, or that give all parallel calls index 0
/// with an id each (sdk-expectations.md, part 7).
struct OpenAIToolCallTracker {
    private struct Call {
        /// The upstream's own index; nil where it gave none.
        let index: Int?
        /// The index that is passed on: the upstream's own where no other call has it.
        let place: Int
        var id: String?
        var hasName: Bool
    }

    /// More calls than this in one answer are no answer.
    static let maximumCalls = 1024

    private var calls: [Call] = []

    /// The fragment in its normal form; nil where there are too many calls.
    mutating func delta(of fragment: JSONValue) -> ToolCallDelta? {
        let index = fragment["index"]?.integer
        let function = fragment["function"] ?? fragment["custom"]
        let id = Self.nonEmpty(fragment["id"])
        let name = Self.nonEmpty(function?["name"])
        let position = position(index: index, id: id, name: name) ?? calls.count
        guard position < Self.maximumCalls else { return nil }
        if position == calls.count {
            calls.append(Call(index: index, place: place(for: index), id: nil, hasName: false))
        }
        let isNewID = id != nil && calls[position].id == nil
        let isNewName = name != nil && !calls[position].hasName
        if isNewID { calls[position].id = id }
        if isNewName { calls[position].hasName = true }
        return ToolCallDelta(
            index: calls[position].place,
            id: isNewID ? id : nil,
            name: isNewName ? name : nil,
            arguments: Self.arguments(function?["arguments"] ?? function?["input"])
        )
    }

    /// The place of the call that the fragment goes on with; nil where it begins another.
    private func position(index: Int?, id: String?, name: String?) -> Int? {
        // Without an index, a name alone tells that a call begins.
        if index == nil, id == nil { return name == nil && !calls.isEmpty ? calls.count - 1 : nil }
        guard let id else { return calls.lastIndex { $0.index == index } }
        if let same = calls.lastIndex(where: { $0.id == id && (index == nil || $0.index == index) }) {
            return same
        }
        guard let last = calls.lastIndex(where: { $0.index == index }) else { return nil }
        // An id that comes late, or that is another in each fragment, begins nothing without a name.
        let comesLate = calls[last].id == nil && !calls[last].hasName
        return name == nil || comesLate ? last : nil
    }

    private func place(for index: Int?) -> Int {
        if let index, (0..<Self.maximumCalls).contains(index), !calls.contains(where: { $0.place == index }) {
            return index
        }
        return (calls.map(\.place).max() ?? -1) + 1
    }

    /// A string of JSON; some servers write the JSON itself.
    private static func arguments(_ value: JSONValue?) -> [UInt8] {
        switch value {
        case .string(let bytes): bytes
        case .object, .array: value?.jsonBytes ?? []
        default: []
        }
    }

    private static func nonEmpty(_ value: JSONValue?) -> String? {
        guard let text = value?.text, !text.isEmpty else { return nil }
        return text
    }
}

// SPDX-License-Identifier: Apache-2.0

import EventStream

/// The specification's own steps over a stream that is there in full: slow, plain, and without a bound.
enum ReferenceParser {
    static func events(of stream: [UInt8]) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        var (data, type, id) = ([UInt8](), [UInt8](), [UInt8]())
        for line in lines(of: stream) {
            if line.isEmpty {
                if !data.isEmpty {
                    let name = type.isEmpty ? "message" : String(decoding: type, as: UTF8.self)
                    let lastEventID = String(decoding: id, as: UTF8.self)
                    events.append(ServerSentEvent(type: name, data: data.dropLast(), lastEventID: lastEventID))
                }
                (data, type) = ([], [])
                continue
            }
            let (name, value) = field(of: line)
            switch name {
            case "data": data += value + [0x0A]
            case "event": type = value
            case "id" where !value.contains(0): id = value
            default: break
            }
        }
        return events
    }

    /// The lines that have an end, without it.
    private static func lines(of stream: [UInt8]) -> [[UInt8]] {
        var rest = stream.starts(with: [0xEF, 0xBB, 0xBF]) ? stream.dropFirst(3) : stream[...]
        var lines: [[UInt8]] = []
        while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            lines.append(Array(rest[..<end]))
            let isPair = rest[end] == 0x0D && end + 1 < rest.endIndex && rest[end + 1] == 0x0A
            rest = rest[(end + (isPair ? 2 : 1))...]
        }
        return lines
    }

    /// Name and value; a comment's name is empty, which is the name of nothing.
    private static func field(of line: [UInt8]) -> (name: String, value: [UInt8]) {
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        let name = String(decoding: line[..<colon], as: UTF8.self)
        let value = line[colon...].dropFirst()
        return (name, Array(value.first == UInt8(ascii: " ") ? value.dropFirst() : value))
    }
}

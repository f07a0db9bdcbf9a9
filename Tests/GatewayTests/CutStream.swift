// SPDX-License-Identifier: Apache-2.0

import EventStream
import JSON
import TestSupport
import WireFormats

/// A stream that is read in pieces, as a client does whose connection is cut again and again.
struct CutStream {
    /// What makes it different from another stream.
    struct Order: Sendable {
        var model: String
        var prompt: String
        var unit: String
        var format: String
        var rate: String
        var seed: UInt64

        /// The body of a request.
        var body: [UInt8] {
            JSONText.object { text in
                for (name, value) in [
                    ("model", model), ("prompt", prompt), ("unit", unit), ("format", format), ("rate", rate),
                    ("ttft", "0"),
                ] {
                    text.name(name)
                    text.string(value)
                }
                text.name("seed")
                text.string(String(seed))
            }
        }

        /// The same answer, but at once, and so that nothing of it is changed on its way.
        var exact: Order {
            var order = self
            order.format = "json"
            order.rate = "0"
            return order
        }
    }

    /// A piece of the text, and the id that stands for all up to it.
    private struct Piece {
        var id: String
        var offset: Int
        var bytes: [UInt8]
    }

    let id: String
    let isJSON: Bool
    private(set) var hasEnded = false
    private(set) var complaints: [String] = []
    private var pieces: [Piece] = []
    private var startID: String?

    init(id: String, isJSON: Bool) {
        self.id = id
        self.isJSON = isJSON
    }

    var text: [UInt8] { pieces.flatMap(\.bytes) }
    /// The last id that was read; nil before the first.
    var lastID: String? { pieces.last?.id ?? startID }
    private var offset: Int { pieces.last?.offset ?? 0 }

    /// Forgets what was read last, as a client does that had not kept it.
    mutating func goBack(_ dice: inout Dice) {
        pieces.removeLast(Int.random(in: 0...pieces.count, using: &dice))
        hasEnded = false
    }

    /// Takes what one connection brought.
    mutating func take(_ response: ResponseReader, resumed: Bool) {
        if let complaint = response.complaint { complaints.append(complaint) }
        if response.status != 200, response.status != 0 {
            complaints.append("status \(response.status)")
        }
        for (index, event) in response.events.enumerated() {
            if hasEnded { complaints.append("an event after the end") }
            switch event.type {
            case "start":
                if index != 0 { complaints.append("start is event \(index)") }
                if event.lastEventID != "\(id).\(offset)" {
                    complaints.append("start is at \(event.lastEventID), resumed at \(offset)")
                }
                startID = startID ?? event.lastEventID
                let told = (try? JSONReader.read(event.data))?["resumed"]
                if told != .bool(resumed) { complaints.append("resumed is \(String(describing: told))") }
            case "message" where event.lastEventID == "\(id).end":
                if !event.data.elementsEqual("[DONE]".utf8) { complaints.append("the end is not [DONE]") }
                hasEnded = true
            case "message": takeUnit(event)
            default: complaints.append("\(event.type): \(String(decoding: event.data, as: UTF8.self))")
            }
        }
        if response.isWhole, !hasEnded { complaints.append("the body ended before the stream") }
    }

    private mutating func takeUnit(_ event: ServerSentEvent) {
        let last = offset
        guard event.lastEventID.hasPrefix(id + "."),
            let next = Int(event.lastEventID.dropFirst(id.count + 1)),
            next > last
        else { return complaints.append("id \(event.lastEventID) after \(last)") }
        var bytes = event.data
        if isJSON {
            bytes = (try? JSONReader.read(event.data))?["delta"]?.bytes ?? []
            if next - last != bytes.count {
                complaints.append("\(bytes.count) bytes from \(last) to \(next)")
            }
        }
        pieces.append(Piece(id: event.lastEventID, offset: next, bytes: bytes))
    }
}

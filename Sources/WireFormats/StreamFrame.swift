// SPDX-License-Identifier: Apache-2.0

internal import EventStream

/// One frame of an upstream's stream: an event, or a bare object, as a line of NDJSON is one.
public enum StreamFrame {
    /// Whether all of its data is there, though the blank line behind it may not be: a JSON text, or `[DONE]`, which
    /// has its brackets too.
    public static func hasWholeData(_ frame: [UInt8]) -> Bool {
        payload(of: frame).map { JSONBrackets.areClosed(in: $0.bytes) } ?? false
    }

    /// What it bears; nil where that is nothing.
    static func payload(of frame: [UInt8]) -> (bytes: [UInt8], isBare: Bool)? {
        let line = frame.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
        if line.first == UInt8(ascii: "{") { return (Array(line), true) }
        return data(of: frame).map { ($0, false) }
    }

    private static func data(of frame: [UInt8]) -> [UInt8]? {
        var parser = EventStreamParser()
        var data: [UInt8]?
        do {
            try parser.feed((frame + Array("\n\n".utf8)).span) { data = $0.data }
        } catch {
            return nil
        }
        return data
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Lines that wait to be written, up to a number of bytes: of more, the newest are left out, and counted.
struct LineQueue {
    private var bytes: [UInt8] = []
    private var dropped = 0
    private var isBeingWritten = false
    /// In bytes.
    let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a line in. True where nobody is writing, so that somebody has to begin.
    mutating func append(_ line: [UInt8]) -> Bool {
        if bytes.count + line.count <= limit { bytes.append(contentsOf: line) } else { dropped += 1 }
        defer { isBeingWritten = true }
        return !isBeingWritten
    }

    /// All that waits; nil where nothing does, and the writing is over.
    /// - Parameter note: The line that tells how many were left out after these.
    mutating func take(noting note: (_ dropped: Int) -> [UInt8]) -> [UInt8]? {
        guard !bytes.isEmpty || dropped > 0 else {
            isBeingWritten = false
            return nil
        }
        var taken = bytes
        bytes = []
        if dropped > 0 { taken += note(dropped) }
        dropped = 0
        return taken
    }
}

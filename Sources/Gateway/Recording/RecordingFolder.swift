// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The folder of recordings: writes them, and keeps it within its bounds. Files that are not named as recordings are
/// never touched.
struct RecordingFolder {
    private struct Entry {
        let name: String
        let bytes: Int
    }

    private static let tape = ".jsonl"
    private static let script = ".yaml"

    private let settings: RecordingSettings
    /// The oldest first, which is the order of their names.
    private var entries: [Entry] = []
    private var bytes = 0
    /// The recording that answers a question for good, by the scenario's condition: those before it do so once each.
    private var lasting: [String: String] = [:]

    /// Makes the folder if it is not there, and takes in what is in it.
    init(_ settings: RecordingSettings) throws(RecordingProblem) {
        self.settings = settings
        try Self.make(settings.folder)
        guard access(settings.folder, W_OK | X_OK) == 0 else {
            throw Self.problem(settings.folder, "cannot be written to")
        }
        for name in try names() where RecordingName.isOwn(name) {
            if name.hasSuffix(Self.tape) {
                var status = stat()
                guard stat(path(name), &status) == 0 else { continue }
                bytes += Int(status.st_size)
                entries.append(Entry(name: String(name.dropLast(Self.tape.count)), bytes: Int(status.st_size)))
            } else if name.hasSuffix(Self.script), let text = PlainFile.text(at: path(name)),
                let (condition, isOnce) = RecordedQuestion.condition(ofScenario: text), !isOnce
            {
                lasting[condition] = max(lasting[condition] ?? "", String(name.dropLast(Self.script.count)))
            }
        }
        entries.sort { $0.name < $1.name }
    }

    /// Writes a cassette, and its scenario where that is wanted. Gives the cassette's path.
    mutating func add(
        _ text: [UInt8],
        as name: String,
        answering question: RecordedQuestion
    ) throws(RecordingProblem) -> String {
        try makeRoom(for: text.count)
        let name = try write(text, as: name)
        let place = entries.lastIndex { $0.name < name }.map { $0 + 1 } ?? 0
        entries.insert(Entry(name: name, bytes: text.count), at: place)
        bytes += text.count
        if settings.writesScenarios { try addScenario(name, question.condition) }
        return path(name + Self.tape)
    }

    /// Of the recordings of one question each answers once, in their order, and the last one from then on.
    private mutating func addScenario(_ name: String, _ condition: String) throws(RecordingProblem) {
        let other = lasting[condition]
        if let other, other < name { try writeScenario(other, condition, isOnce: true) }
        let isLast = other.map { $0 < name } ?? true
        if isLast { lasting[condition] = name }
        try writeScenario(name, condition, isOnce: !isLast)
    }

    private func writeScenario(_ name: String, _ condition: String, isOnce: Bool) throws(RecordingProblem) {
        let text = RecordedQuestion.scenario(playing: name, when: condition, isOnce: isOnce)
        try PlainFile.replace(path(name + Self.script), with: Array(text.utf8))
    }

    private func write(_ text: [UInt8], as name: String) throws(RecordingProblem) -> String {
        // Another process may record into the same folder.
        for number in 1...1000 {
            let name = number == 1 ? name : "\(name)-\(number)"
            if try PlainFile.create(path(name + Self.tape), with: text) { return name }
        }
        throw RecordingProblem(description: "\(path(name)): there are 1000 files of that name")
    }

    private mutating func makeRoom(for size: Int) throws(RecordingProblem) {
        guard size <= settings.folderBytes else { throw .full }
        while entries.count >= settings.files || bytes + size > settings.folderBytes {
            guard settings.whenFull == .dropOldest else { throw .full }
            let oldest = entries.removeFirst()
            bytes -= oldest.bytes
            unlink(path(oldest.name + Self.tape))
            unlink(path(oldest.name + Self.script))
            for (condition, name) in lasting where name == oldest.name { lasting[condition] = nil }
        }
    }

    private func path(_ name: String) -> String { "\(settings.folder)/\(name)" }

    private func names() throws(RecordingProblem) -> [String] {
        guard let folder = opendir(settings.folder) else { throw Self.problem(settings.folder, "cannot be read") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
            )
        }
        return names
    }

    /// With the folders above it. Prompts and answers are nobody else's business.
    private static func make(_ path: String) throws(RecordingProblem) {
        for (index, character) in zip(path.indices, path) where character == "/" && index != path.startIndex {
            mkdir(String(path[..<index]), 0o700)
        }
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw problem(path, "cannot be made")
    }

    /// A problem of which `errno` has the cause.
    private static func problem(_ path: String, _ message: String) -> RecordingProblem {
        RecordingProblem(description: "\(path): \(message): \(String(cString: strerror(errno)))")
    }
}

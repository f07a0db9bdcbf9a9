// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Small files, written so that nobody ever reads half of one.
enum PlainFile {
    private static let longestText = 1 << 20

    /// Makes a file, readable by its owner alone; false where there is one of that name.
    static func create(_ path: String, with bytes: [UInt8]) throws(RecordingProblem) -> Bool {
        let draft = try draft(of: path, bytes)
        defer { unlink(draft) }
        if link(draft, path) == 0 { return true }
        if errno == EEXIST { return false }
        // A file system without links: then a file of that name is asked for first.
        guard access(path, F_OK) != 0 else { return false }
        guard rename(draft, path) == 0 else { throw problem(path) }
        return true
    }

    /// Makes a file, or puts other bytes into it.
    static func replace(_ path: String, with bytes: [UInt8]) throws(RecordingProblem) {
        let draft = try draft(of: path, bytes)
        guard rename(draft, path) != 0 else { return }
        defer { unlink(draft) }
        throw problem(path)
    }

    /// A file's text; nil where there is none, or too much.
    static func text(at path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: longestText)
        let count = fread(&bytes, 1, bytes.count, file)
        return count < bytes.count ? String(validating: bytes[..<count], as: UTF8.self) : nil
    }

    /// A hidden file beside `path`, of a name that no other thread or process uses.
    private static func draft(of path: String, _ bytes: [UInt8]) throws(RecordingProblem) -> String {
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let draft = "\(path[..<slash]).\(getpid())-\(path[slash...]).part"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw problem(path) }
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let problem = problem(path)
                close(descriptor)
                unlink(draft)
                throw problem
            }
            start += count
        }
        close(descriptor)
        return draft
    }

    private static func problem(_ path: String) -> RecordingProblem {
        RecordingProblem(description: "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
}

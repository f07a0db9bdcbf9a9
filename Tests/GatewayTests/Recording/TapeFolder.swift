// SPDX-License-Identifier: Apache-2.0

import Conversation
import Glibc
import Logging
import MockModel
import Upstream

@testable import Gateway

/// A recorder with a folder of its own, for the time of one test.
struct TapeFolder: ~Copyable {
    let settings: RecordingSettings
    private let recorder: Recorder

    init(_ change: (inout RecordingSettings) -> Void = { _ in }) throws {
        var template = Array("/tmp/typebar-tapes-XXXXXX".utf8CString)
        let path = template.withUnsafeMutableBufferPointer { name -> String? in
            guard let start = name.baseAddress, let made = mkdtemp(start) else { return nil }
            return String(cString: made)
        }
        var settings = RecordingSettings(folder: (path ?? "/nowhere") + "/deep/er")
        change(&settings)
        self.settings = settings
        recorder = try Recorder(settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func tap(_ question: String = "Hi", at start: Int64 = 1000) -> TransferTap {
        let endpoint = UpstreamEndpoint(name: "up", format: .gemini, url: "http://127.0.0.1:1/v1beta")
        let request = TransferRequest(
            url: "http://127.0.0.1:1/v1beta/models/m:go?alt=sse",
            fields: [.init(name: "X-Goog-Api-Key", value: "hush-hush-1"), .init(name: "Accept", value: "a/b")],
            body: Array("{\"contents\":[]}".utf8),
            connectMilliseconds: 1
        )
        let chat = ChatRequest(model: "m", messages: [ChatMessage(role: .user, content: question)])
        return recorder.tap(request, to: endpoint, for: chat, now: start)
    }

    /// What was written, once all of it has been, in the order of the names; the folder goes.
    consuming func cassettes() async throws -> [Cassette] {
        await recorder.shutDown()
        var cassettes: [Cassette] = []
        for name in files.sorted() where name.hasSuffix(".jsonl") {
            let text = PlainFile.text(at: "\(settings.folder)/\(name)") ?? ""
            cassettes.append(try Cassette(text: Array(text.utf8), source: name))
        }
        for name in files { unlink("\(settings.folder)/\(name)") }
        var folder = settings.folder[...]
        while folder != "/tmp", rmdir(String(folder)) == 0, let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
        }
        return cassettes
    }

    private var files: [String] {
        guard let folder = opendir(settings.folder) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

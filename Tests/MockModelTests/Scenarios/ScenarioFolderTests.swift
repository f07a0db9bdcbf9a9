// SPDX-License-Identifier: Apache-2.0

import Glibc
import MockModel
import Testing

/// Each test has a folder of its own, which goes with it.
final class ScenarioFolderTests {
    private let path: String

    init() throws {
        var template = Array("/tmp/typebar-scenarios-XXXXXX\0".utf8CString)
        template.removeLast()
        path = String(cString: try #require(mkdtemp(&template)))
    }

    deinit {
        for name in ["b.yaml", "a.yml", ".hidden.yaml", "c.txt"] { unlink("\(path)/\(name)") }
        rmdir("\(path)/d.yaml")
        rmdir(path)
    }

    @Test func `the files of a folder come in the order of their names`() throws {
        write("- {name: b, reply: b}", to: "b.yaml")
        write("- {name: a, reply: a}", to: "a.yml")
        write("not YAML: [", to: "c.txt")
        write("not YAML: [", to: ".hidden.yaml")
        mkdir("\(path)/d.yaml", 0o755)
        let sources = try ScenarioFolder(path).sources()
        #expect(sources.map(\.path) == ["\(path)/a.yml", "\(path)/b.yaml"])
        #expect(try ScenarioLibrary(sources, checks: ScenarioFixture.checks).names == ["a", "b"])
    }

    @Test func `the fingerprint is another when a file has come, gone or changed`() throws {
        let folder = ScenarioFolder(path)
        var seen: Set<[ScenarioFolder.Entry]> = [try folder.fingerprint()]
        write("- {name: a, reply: a}", to: "a.yml")
        #expect(seen.insert(try folder.fingerprint()).inserted)
        #expect(!seen.insert(try folder.fingerprint()).inserted)
        write("- {name: a, reply: bb}", to: "a.yml")
        #expect(seen.insert(try folder.fingerprint()).inserted)
        var times = [timespec(tv_sec: 5, tv_nsec: 0), timespec(tv_sec: 5, tv_nsec: 7)]
        utimensat(AT_FDCWD, "\(path)/a.yml", &times, 0)
        #expect(seen.insert(try folder.fingerprint()).inserted)
        unlink("\(path)/a.yml")
        #expect(!seen.insert(try folder.fingerprint()).inserted)
    }

    @Test func `what cannot be read is told`() throws {
        let missing = #expect(throws: ScenarioProblem.self) { try ScenarioFolder("\(path)/none").sources() }
        #expect(missing?.description == "\(path)/none: cannot be read: No such file or directory")
        write("\u{1}", to: "a.yml", bytes: [0xFF])
        let invalid = #expect(throws: ScenarioProblem.self) { try ScenarioFolder(path).sources() }
        #expect(invalid?.description == "\(path)/a.yml: is not valid UTF-8")
    }

    private func write(_ text: String, to name: String, bytes: [UInt8]? = nil) {
        let content = bytes ?? Array(text.utf8)
        guard let file = fopen("\(path)/\(name)", "w") else { return }
        fwrite(content, 1, content.count, file)
        fclose(file)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// This program once more, as a process of its own: its standard input is held open, its standard output is read by lines.
///
/// It is in a process group of its own, so that a terminal's Ctrl-C comes to the parent alone, which decides what is to end.
final class ChildProcess: Sendable {
    /// Why it could not be started.
    struct StartFailure: Error, CustomStringConvertible {
        let description: String
    }

    private let id: pid_t
    /// Its standard input ends when this is closed, and that is its sign to end. Nil: it is.
    private let input: Mutex<CInt?>
    private let output: CInt

    /// Starts `typebar` with `arguments`.
    init(_ arguments: [String]) throws(StartFailure) {
        let ends = try Self.pipes()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends.childInput, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends.childOutput, STDOUT_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var words = (["typebar"] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        let code = posix_spawn(&id, "/proc/self/exe", &actions, &attributes, &words, environ)
        close(ends.childInput)
        close(ends.childOutput)
        guard code == 0 else {
            close(ends.input)
            close(ends.output)
            throw StartFailure(description: "a process cannot be started: \(String(cString: strerror(code)))")
        }
        self.id = id
        input = Mutex(ends.input)
        output = ends.output
    }

    /// Gives each line of its output, without the line's end, until it closes that or `body` has enough. Call once.
    func readLines(_ body: (String) -> Bool) {
        guard let file = fdopen(output, "r") else { return }
        var text: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer {
            free(text)
            fclose(file)
        }
        while case let count = getline(&text, &capacity, file), count > 0, let text {
            let bytes = UnsafeBufferPointer(start: text, count: count).map { UInt8(bitPattern: $0) }
            let line = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
            guard body(String(decoding: line, as: UTF8.self)) else { return }
        }
    }

    /// Tells it to end: by the end of its input, which it sees however early this is called, and when the parent dies.
    func interrupt() {
        input.withLock { input in
            if let input { close(input) }
            input = nil
        }
    }

    /// Tells it to end, and waits until it has. Gives its exit code, or 128 + the signal that ended it. Call once.
    func wait() -> CInt {
        interrupt()
        var status: CInt = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    private struct Pipes {
        var input: CInt
        var output: CInt
        var childInput: CInt
        var childOutput: CInt
    }

    /// All are closed on exec, so that no child holds another's.
    private static func pipes() throws(StartFailure) -> Pipes {
        var first: [CInt] = [0, 0]
        var second: [CInt] = [0, 0]
        guard pipe(&first) == 0, pipe(&second) == 0 else {
            throw StartFailure(description: "no pipe to a process: \(String(cString: strerror(errno)))")
        }
        for end in first + second { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return Pipes(input: first[1], output: second[0], childInput: first[0], childOutput: second[1])
    }
}

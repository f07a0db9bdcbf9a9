// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// This program once more, as a process of its own: its standard input is held open, its standard output is read by lines.
final class ChildProcess: Sendable {
    /// Why it could not be started.
    struct StartFailure: Error, CustomStringConvertible {
        let description: String
    }

    private let id: pid_t
    /// Its standard input ends when this is closed, and that may be its sign to go.
    private let input: CInt
    private let output: CInt
    /// Its number is another's as soon as it has been waited for, and must not be signalled then.
    private let hasEnded = Mutex(false)

    /// Starts `typebar` with `arguments`.
    init(_ arguments: [String]) throws(StartFailure) {
        let ends = try Self.pipes()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends.childInput, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends.childOutput, STDOUT_FILENO)
        var words = (["typebar"] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        let code = posix_spawn(&id, "/proc/self/exe", &actions, nil, &words, environ)
        close(ends.childInput)
        close(ends.childOutput)
        guard code == 0 else {
            close(ends.input)
            close(ends.output)
            throw StartFailure(description: "a process cannot be started: \(String(cString: strerror(code)))")
        }
        self.id = id
        input = ends.input
        output = ends.output
    }

    /// Gives each line of its output, without the line's end, until it closes that or `body` has enough. Call once.
    func readLines(_ body: (String) -> Bool) {
        guard let file = fdopen(output, "r") else {
            close(output)
            return
        }
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

    func interrupt() {
        hasEnded.withLock { if !$0 { kill(id, SIGINT) } }
    }

    /// Closes its input, and waits for its end. Gives its exit code, or 128 + the signal that ended it. Call once.
    func wait() -> CInt {
        close(input)
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        let status = hasEnded.withLock { hasEnded in
            var status: CInt = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            hasEnded = true
            return status
        }
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
        guard pipe(&first) == 0 else { throw noPipe() }
        guard pipe(&second) == 0 else {
            defer { for end in first { close(end) } }
            throw noPipe()
        }
        for end in first + second { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return Pipes(input: first[1], output: second[0], childInput: first[0], childOutput: second[1])
    }

    private static func noPipe() -> StartFailure {
        StartFailure(description: "no pipe to a process: \(String(cString: strerror(errno)))")
    }
}

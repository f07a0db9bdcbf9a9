// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// By what a change of a file shows.
struct FileStamp: Equatable, Sendable {
    private var inode: UInt = 0
    private var size = 0
    private var seconds = 0
    private var nanoseconds = 0
    /// Of what the file system alone sets: who copies a file may bring its old time along.
    private var changeSeconds = 0
    private var changeNanoseconds = 0

    /// Of a file that is not there, all is 0.
    init(of path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return }
        inode = facts.st_ino
        size = facts.st_size
        seconds = facts.st_mtim.tv_sec
        nanoseconds = facts.st_mtim.tv_nsec
        changeSeconds = facts.st_ctim.tv_sec
        changeNanoseconds = facts.st_ctim.tv_nsec
    }
}

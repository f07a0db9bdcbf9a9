// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Typewriter

extension ChannelConnection {
    /// What went wrong while it was opened.
    var words: String {
        if let problem { return problem }
        if let systemError { return String(cString: strerror(systemError.code)) }
        return "the server closed the connection"
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Typewriter

/// A failure that waits until what came before it has been read: a client of Gemini's knows an error in mid-stream only
/// where one read gives it whole and nothing else (gemini.md, "Errors").
struct HeldFailure {
    static let delay: Nanoseconds = 20 * .millisecond

    let fault: ChatFault
    /// When it may leave.
    var time: Nanoseconds?

    init(_ fault: ChatFault) {
        self.fault = fault
    }
}

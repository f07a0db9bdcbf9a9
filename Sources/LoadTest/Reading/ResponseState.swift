// SPDX-License-Identifier: Apache-2.0

/// How far the response of one connection has been read. Small, since there is one for each place; bytes are kept only where
/// an event is cut.
struct ResponseState {
    /// Completion tokens, by the server's own count; 0: none told.
    var tokens: Int32 = 0
    /// Of the response's head; 0: not there yet.
    var status: Int16 = 0

    var splitter = EventSplitter()
    var framing = BodyFraming()
    var ids = IDTrack()
    /// Interim responses so far.
    var interims: UInt8 = 0
    /// Bytes of the body of an error so far.
    var errorBytes: Int32 = 0
    var keepsAlive = false
    /// The format's last event has come.
    var hasEnded = false
    /// The one more word that some formats allow after it has come too.
    var hasAfterword = false
    var hasFailed = false
    var hasContent = false
    /// A part of the answer that is no text.
    var hasAnswer = false
    /// The stream began as typebar's do: it ends with `[DONE]` or a fault.
    var isTypebars = false
    /// The choices that have ended, of a format that ends them one by one.
    var finished: UInt8 = 0

    init() {}

    /// The answer's end has come, and the body's has not.
    var lacksBodyEnd: Bool {
        switch framing.phase {
        case .head, .done, .untilClose: false
        default: status == 200 && hasEnded
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

/// How far the response of one connection has been read. Small, since there is one for each place; bytes are kept only where
/// an event is cut.
struct ResponseState {
    /// Completion tokens, by the server's own count; 0: none told.
    var tokens: Int32 = 0
    /// Of the response's head; 0: not there yet.
    var status: Int16 = 0

    init() {}
}

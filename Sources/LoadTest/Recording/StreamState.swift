// SPDX-License-Identifier: Apache-2.0

internal import Typewriter

/// What is known of a running stream: a flat value, many of which lie side by side. Times are on the monotonic clock; 0 is
/// "not yet".
struct StreamState {
    var order = StartOrder(number: 0, target: 0, planned: 0, isWarmUp: false)
    /// Of the order, on the clock.
    var planned: Nanoseconds = 0
    /// Of a new connection.
    var connectBegan: Nanoseconds = 0
    var connected: Nanoseconds = 0
    /// The request's last byte was taken by the kernel.
    var sent: Nanoseconds = 0
    var firstByte: Nanoseconds = 0
    var firstEvent: Nanoseconds = 0
    var firstContent: Nanoseconds = 0
    var secondContent: Nanoseconds = 0
    var firstVisible: Nanoseconds = 0
    /// The last content so far.
    var lastContent: Nanoseconds = 0
    var longestGap: Nanoseconds = 0
    var previousGap: Nanoseconds = 0
    /// Sum of the differences of one gap to the next.
    var gapChanges: Nanoseconds = 0
    var stalled: Nanoseconds = 0
    /// When the reader of constant speed wants the next event.
    var readerDue: Nanoseconds = 0
    var readerWaited: Nanoseconds = 0
    /// How far behind a reader that never waits, at worst.
    var readerBehind: Nanoseconds = 0
    /// Events with content.
    var contents: Int32 = 0
    var stalls: Int32 = 0
    /// Completion tokens by the server's own count; 0: none told.
    var tokens: Int32 = 0
    var hasReasoning = false
    /// The answer has told its end, and the body's never came.
    var lacksBodyEnd = false
}

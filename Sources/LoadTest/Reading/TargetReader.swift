// SPDX-License-Identifier: Apache-2.0

/// Reads the responses of one target, and tells its events apart. Confined to the engine's thread.
final class TargetReader {
    /// As told or guessed; nil until the first answer.
    private(set) var format: StreamFormat?
    /// The schedule that the server told in its own words (typebar's start frame), where it did.
    private(set) var promised: PromisedCadence?
    private(set) var counts = ReadingCounts()

    init(target: Target) { format = target.format }

    /// The hot path. Takes the next bytes of a response, and tells the kind of each event that ends in them.
    @inline(__always)
    func read(
        _ bytes: UnsafeRawBufferPointer,
        _ state: inout ResponseState,
        _ see: (EventKind) -> Void
    ) -> ResponseProgress { .more }

    /// The server has closed the connection.
    func closed(_ state: inout ResponseState, _ see: (EventKind) -> Void) -> ResponseProgress { .more }
}

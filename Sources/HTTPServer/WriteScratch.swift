// SPDX-License-Identifier: Apache-2.0

/// The buffer in which an event loop's connections put their writes together, one after the other.
final class WriteScratch {
    var bytes: [UInt8] = []
    /// What the loop's connections have written since it began.
    var writtenBytes = 0

    init() {
        bytes.reserveCapacity(64 << 10)
    }
}

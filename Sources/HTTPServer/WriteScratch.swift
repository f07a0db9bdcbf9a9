// SPDX-License-Identifier: Apache-2.0

/// The buffer in which an event loop's connections put their writes together, one after the other.
final class WriteScratch {
    var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(64 << 10)
    }
}

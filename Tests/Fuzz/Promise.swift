// SPDX-License-Identifier: Apache-2.0

/// What has to hold for each input.
enum Promise {
    /// Stops the run where `isKept` is false: a fuzzer knows no other sign than that the program ends.
    static func check(_ isKept: Bool, _ promise: @autoclosure () -> String) {
        if !isKept { fatalError("broken promise: \(promise())") }
    }
}

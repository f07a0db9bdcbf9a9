// SPDX-License-Identifier: Apache-2.0

/// What `--assert` cannot mean.
public struct InvalidAssertion: Error, Equatable, CustomStringConvertible {
    /// As written.
    public let text: String
    public let reason: String

    public var description: String {
        "'\(text.printable)': \(reason). Write it as 'ttft.p99<300ms', 'gap.mean<=25ms', 'errors<1%' or 'completed==500'."
    }
}

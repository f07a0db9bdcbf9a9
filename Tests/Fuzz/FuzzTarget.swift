// SPDX-License-Identifier: Apache-2.0

/// Something that reads what others write.
struct FuzzTarget: Sendable {
    /// Also that of its folder in `corpus`.
    let name: String
    /// Reads one input; what it promises is checked with ``Promise``.
    let run: @Sendable ([UInt8]) -> Void

    static let all = requests + embeddings + streams + texts
}

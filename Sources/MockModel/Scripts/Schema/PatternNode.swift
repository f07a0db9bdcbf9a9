// SPDX-License-Identifier: Apache-2.0

/// A part of a regular expression, as far as it tells what text to write.
indirect enum PatternNode: Equatable {
    /// One of these characters; at least one.
    case set([Unicode.Scalar])
    case sequence([PatternNode])
    /// One of these; at least one.
    case choice([PatternNode])
    case repeated(PatternNode, least: Int, most: Int)
}

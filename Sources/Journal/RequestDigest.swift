// SPDX-License-Identifier: Apache-2.0

/// What is kept of a request to know it again, whatever its length.
///
/// Two hashes of 64 bits, under two keys of 128 bits that this process drew for itself: SipHash, which the standard
/// library's hasher is, tells nothing of its key, so nobody who lacks both keys can make a second request with the same
/// digest but by trying, some 2⁶⁴ times for any pair and 2¹²⁸ for a given one. A digest never leaves the process.
struct RequestDigest: Equatable, Sendable {
    private static let keys = [(UInt64.random(), UInt64.random()), (UInt64.random(), UInt64.random())]

    private let length: Int
    private let first: Int
    private let second: Int

    init(_ request: [UInt8]) {
        length = request.count
        first = Self.hash(request, Self.keys[0])
        second = Self.hash(request, Self.keys[1])
    }

    /// The hasher has a key of its own, the same for both: what it is fed first sets them apart.
    private static func hash(_ bytes: [UInt8], _ key: (UInt64, UInt64)) -> Int {
        var hasher = Hasher()
        hasher.combine(key.0)
        hasher.combine(key.1)
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}

extension UInt64 {
    fileprivate static func random() -> UInt64 { .random(in: 0...(.max)) }
}

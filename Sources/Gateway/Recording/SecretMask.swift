// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import MockModel
internal import Typewriter
internal import Upstream

/// Knows the secrets that a request to an upstream bears, and covers them wherever else they turn up: an upstream may
/// say a key again, and a reason may hold the address.
///
/// Fields and parameters that bear secrets are left out by whoever writes a cassette (``SecretFields``).
struct SecretMask {
    private static let mark = UInt8(ascii: "*")
    /// Shorter ones are covered in no text: they would be found in words.
    private static let shortest = 6

    private let secrets: [[UInt8]]

    init(_ request: TransferRequest) {
        var found: [Substring] = []
        for field in request.fields where SecretFields.isSecret(field.name, field.value) {
            found.append(field.value.split(separator: " ").last ?? "")
        }
        let parts = request.url.split(separator: "?", maxSplits: 1)
        for pair in parts.dropFirst().joined().split(separator: "&").map(Substring.init) {
            let sides = pair.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, SecretFields.isSecret(String(sides[0])) else { continue }
            // The path of the route may have been put behind an address that ends in a query.
            found += [sides[1], sides[1].prefix { $0 != "/" }]
        }
        if let user = Self.userInfo(request.url) { found += user.split(separator: ":") }
        secrets = found.map { Array($0.utf8) }.filter { $0.count >= Self.shortest }.sorted { $0.count > $1.count }
    }

    /// What stands before the `@` of an address.
    private static func userInfo(_ url: String) -> Substring? {
        let authority = url.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2).first ?? ""
        return authority.lastIndex(of: "@").map { authority[..<$0] }
    }

    /// `bytes` with the secrets covered; as long as before.
    func masked(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for secret in secrets {
            var index = 0
            while index + secret.count <= bytes.count {
                if bytes[index] == secret[0], bytes[index..<index + secret.count].elementsEqual(secret) {
                    for place in index..<index + secret.count { bytes[place] = Self.mark }
                    index += secret.count
                } else {
                    index += 1
                }
            }
        }
        return bytes
    }

    func masked(_ text: String) -> String {
        secrets.isEmpty ? text : String(decoding: masked(Array(text.utf8)), as: UTF8.self)
    }

    /// A secret may have come in two reads.
    func masked(_ reads: [Cassette.Read]) -> [Cassette.Read] {
        guard !secrets.isEmpty else { return reads }
        let bytes = masked(reads.flatMap(\.bytes))
        var start = 0
        return reads.map { read in
            let end = start + read.bytes.count
            defer { start = end }
            return Cassette.Read(time: read.time, bytes: Array(bytes[start..<end]))
        }
    }

    /// The strings in a value.
    func masked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let bytes): .string(masked(bytes))
        case .array(let items): .array(items.map { masked($0) })
        case .object(let members): .object(members.map { .init(name: $0.name, value: masked($0.value)) })
        case .null, .bool, .number: value
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// What encrypts the tickets of one stretch of time.
struct TicketKey: Equatable, Sendable {
    /// Stands in front of a ticket, in the clear; 16 bytes.
    let name: [UInt8]
    /// For AES-256.
    let cipher: [UInt8]
    /// For HMAC-SHA256.
    let mac: [UInt8]

    /// Each part is HMAC-SHA256 of its own purpose and the epoch, under the secret.
    init(secret: [UInt8], epoch: Int) {
        name = Array(Self.name(secret: secret, epoch: epoch))
        cipher = Self.derive("cipher", secret, epoch)
        mac = Self.derive("mac", secret, epoch)
    }

    static func name(secret: [UInt8], epoch: Int) -> ArraySlice<UInt8> {
        derive("name", secret, epoch).prefix(16)
    }

    private static func derive(_ purpose: String, _ secret: [UInt8], _ epoch: Int) -> [UInt8] {
        let text = Array("typebar ticket \(purpose) \(epoch)".utf8)
        return [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { out, count in
            var length: UInt32 = 0
            let result = HMAC(
                EVP_sha256(),
                secret,
                Int32(clamping: secret.count),
                text,
                text.count,
                out.baseAddress,
                &length
            )
            count = result == nil ? 0 : Int(length)
        }
    }
}

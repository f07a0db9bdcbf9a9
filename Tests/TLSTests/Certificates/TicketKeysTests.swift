// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TLS

struct TicketKeysTests {
    private static let noon = 1_800_000_000

    private static func keys(secret: UInt8? = 7, rotation: Int = 3600) throws -> TicketKeys {
        var settings = TicketSettings()
        settings.secret = secret.map { Array(repeating: $0, count: 32) }
        settings.rotation = rotation
        return try TicketKeys(settings)
    }

    @Test func `nodes with one secret have the same keys, and others have not`() throws {
        let key = try Self.keys().current(at: Self.noon)
        #expect(try Self.keys().current(at: Self.noon) == key)
        #expect(try Self.keys(secret: 8).current(at: Self.noon).name != key.name)
        #expect(try Self.keys(secret: nil).current(at: Self.noon).name != key.name)
    }

    @Test func `each part of a key is as long as its use needs, and none is another`() throws {
        let key = try Self.keys().current(at: Self.noon)
        #expect([key.name.count, key.cipher.count, key.mac.count] == [16, 32, 32])
        #expect(key.cipher != key.mac && !key.cipher.starts(with: key.name) && !key.mac.starts(with: key.name))
    }

    /// A change would part nodes of different versions.
    @Test func `the derivation stays as it is`() {
        let key = TicketKey(secret: Array(repeating: 7, count: 32), epoch: 500_000)
        #expect(Self.hex(key.name) == "834a5e32b52072cb030b9ec7afe46dea")
        #expect(Self.hex(key.cipher) == "ff437a107d14d2574570f0ebea761c567af207ef5ae03ebbd5ad17ba97417fe3")
    }

    @Test(arguments: [
        (0, false), (3599, false), (3600, true), (7199, true), (-1, false), (-3600, false),
    ])
    func `a ticket is opened in its own time, the next and the one before`(later: Int, isOld: Bool) throws {
        let keys = try Self.keys()
        let key = keys.current(at: Self.noon)
        #expect(keys.find(key.name, at: Self.noon + later) == TicketKeys.Found(key: key, isOld: isOld))
    }

    @Test(arguments: [7200, 86_400, -3601])
    func `a ticket of another time is a stranger's`(later: Int) throws {
        let keys = try Self.keys()
        #expect(keys.find(keys.current(at: Self.noon).name, at: Self.noon + later) == nil)
        #expect(keys.find(Array(repeating: 0, count: 16), at: Self.noon) == nil)
    }

    @Test func `a short secret is refused, without being shown`() {
        var settings = TicketSettings()
        settings.secret = Array("topsecret".utf8)
        let problem = #expect(throws: TLSProblem.self) { try TicketKeys(settings) }
        #expect(problem?.description.contains("topsecret") == false)
        #expect(problem?.description.contains("32") == true)
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

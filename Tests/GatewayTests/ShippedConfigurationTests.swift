// SPDX-License-Identifier: Apache-2.0

import Gateway
import TLS
import TestSupport
import Testing
import Upstream

/// What `config/typebar.yaml` says of itself.
struct ShippedConfigurationTests {
    private static let text: String = {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        return String(decoding: GoldenFile.content(of: "\(root)/config/typebar.yaml"), as: UTF8.self)
    }()

    private static func read(_ yaml: String) throws -> GatewayConfiguration {
        let secret = String(repeating: "s", count: 32)
        let names = ["TYPEBAR_TICKET_SECRET", "OPENAI_API_KEY", "TYPEBAR_ADMIN_KEY"]
        let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, secret) })
        return try GatewayConfiguration(yaml: yaml, source: "typebar.yaml", environment: environment)
    }

    @Test func `as it stands it changes nothing`() throws {
        #expect(Self.text.contains("\nlog_level: info"))
        // The whole value as text: a key that is new is compared too.
        #expect(try "\(Self.read(Self.text))" == "\(GatewayConfiguration())")
    }

    @Test func `every example in it is taken`() throws {
        let configuration = try Self.read(Self.uncommented)
        #expect(configuration.tls?.redirectPort == 80 && configuration.tls?.server.tickets.secret?.count == 32)
        #expect(configuration.threads == 2 && configuration.reactors == 1 && configuration.mock.seed == 7)
        #expect(configuration.upstreams.map(\.name) == ["openai"] && configuration.routes.count == 2)
        #expect(configuration.upstreams.first?.connection.proxy != nil && configuration.recording != nil)
        #expect(configuration.cadences.count == 2 && configuration.mock.defaults.count == 2)
        #expect(configuration.admin.key != nil)
    }

    /// With all examples in force, in the place of the empty lists that they stand below.
    private static var uncommented: String {
        var lines: [Substring] = []
        var isInExample = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            isInExample = line.hasPrefix("#") && (isInExample || isExample(line))
            let bare = isInExample ? line.dropFirst(2) : line
            if bare.hasSuffix(": []") || bare.hasSuffix(": {}") { continue }
            lines.append(isExample(bare) ? withoutMark(bare) : bare)
        }
        return lines.joined(separator: "\n")
    }

    /// Prose begins with a capital, or its first word has no colon.
    private static func isExample(_ line: Substring) -> Bool {
        let rest = line.drop { $0 == " " }
        guard rest.hasPrefix("#") else { return false }
        let word = rest.dropFirst().drop { $0 == " " }.prefix { $0 != " " }
        return word.hasSuffix(":") && word.dropLast().allSatisfy { $0.isLowercase || $0 == "_" }
    }

    private static func withoutMark(_ line: Substring) -> Substring {
        let indentation = line.prefix { $0 == " " }
        return indentation + line.dropFirst(indentation.count + 2)
    }
}

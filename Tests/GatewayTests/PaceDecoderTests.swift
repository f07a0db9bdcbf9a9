// SPDX-License-Identifier: Apache-2.0

import Testing
import Typewriter
import WireFormats

@testable import Gateway

struct PaceDecoderTests {
    private static let decoder = PaceDecoder(cadences: ["tape": .trace([10, 30])])

    @Test
    func `the defaults are the contract's`() throws {
        let pace = try Self.pace("")
        #expect(pace.unit == .character)
        #expect(pace.rate == 40)
        #expect(pace.shape == .constant)
        #expect(pace.jitter == 0 && pace.pause == 0 && pace.burst == 1)
        #expect(pace.firstDelay == 300_000_000)
        #expect(pace.maximumUnits == nil)
    }

    @Test(arguments: [
        "rate=0", "rate=0.1", "rate=10000", "jitter=0", "jitter=1", "pause=0", "pause=10000", "burst=1",
        "burst=1000", "ttft=0",
        "ttft=60000", "seed=0", "seed=18446744073709551615", "max_units=1", "max_units=1000000",
        "unit=character", "unit=word",
        "unit=token", "unit=delta", "cadence=constant", "cadence=constant&jitter=0",
        "cadence=uniform&jitter=0.5", "cadence=normal",
        "cadence=lognormal", "cadence=gamma", "cadence=exponential", "cadence=exponential&jitter=1",
        "cadence=tape", "cadence=tape&rate=5",
    ])
    func `the borders of each range are within`(query: String) throws {
        let parameters = try ParameterSet(query: query)
        #expect(throws: Never.self) { try Self.decoder.pace(from: parameters, isMock: true) }
        #expect(throws: Never.self) { try Self.decoder.seed(from: parameters) }
    }

    @Test(arguments: [
        "rate=0.09", "rate=10000.1", "rate=-1", "rate=1e3", "rate=", "jitter=1.01", "pause=10001",
        "burst=0", "burst=1001", "burst=1.5",
        "ttft=60001", "seed=18446744073709551616", "seed=1.0", "max_units=0", "max_units=1000001",
        "unit=letter", "unit=Word", "unit=",
        "cadence=steady", "cadence=", "jitter=0.5&cadence=constant", "jitter=0.5&cadence=exponential",
        "jitter=0&cadence=exponential",
    ])
    func `what lies outside is refused, by the name of the parameter`(query: String) throws {
        let parameters = try ParameterSet(query: query)
        let problem = #expect(throws: RequestProblem.self) {
            _ = try Self.decoder.pace(from: parameters, isMock: true)
            _ = try Self.decoder.seed(from: parameters)
        }
        #expect(problem?.code == "invalid_parameter")
        #expect(problem?.parameter == query.split(separator: "=").first.map(String.init))
    }

    @Test(arguments: [
        ("jitter=0.5", Cadence.Shape.lognormal), ("jitter=0", .constant), ("jitter=0.0", .constant),
    ])
    func `with a jitter the cadence is lognormal unless named`(
        query: String,
        shape: Cadence.Shape
    )
        throws
    {
        #expect(try Self.pace(query).shape == shape)
    }

    @Test
    func `a recorded cadence has a rate of its own unless one is asked for`() throws {
        #expect(try Self.pace("cadence=tape").rate == nil)
        #expect(try Self.pace("cadence=tape&rate=7").rate == 7)
    }

    @Test
    func `an upstream's first token is its own matter`() throws {
        let parameters = try ParameterSet(query: "ttft=5000")
        #expect(try Self.decoder.pace(from: parameters, isMock: false).firstDelay == 0)
        #expect(try Self.decoder.pace(from: parameters, isMock: true).firstDelay == 5_000_000_000)
    }

    @Test
    func `fractions of a millisecond count`() throws {
        #expect(try Self.pace("pause=0.5").pause == 500_000)
    }

    private static func pace(_ query: String) throws -> Pace {
        try decoder.pace(from: try ParameterSet(query: query), isMock: true)
    }
}

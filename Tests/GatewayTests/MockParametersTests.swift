// SPDX-License-Identifier: Apache-2.0

import Testing
import WireFormats

@testable import Gateway

struct MockParametersTests {
    @Test
    func `the query's own names are taken, and others pass by unread`() throws {
        let parameters = try MockParameters.fromQuery("alt=sse&rate=80&include[]=a&include[]=b&x=%zz&fault=reset%405")
        #expect(parameters["rate"] == "80" && parameters["fault"] == "reset@5")
        #expect(parameters["alt"] == nil && parameters["x"] == nil)
    }

    @Test
    func `a parameter given twice is refused`() {
        #expect(throws: RequestProblem.self) { try MockParameters.fromQuery("rate=1&rate=2") }
    }

    @Test
    func `what follows a question mark in the model's name are parameters`() throws {
        let (name, parameters) = try MockParameters.split("gpt-4o?rate=80&seed=7")
        #expect(name == "gpt-4o" && parameters["rate"] == "80" && parameters["seed"] == "7")
        let plain = try MockParameters.split("plain").name
        #expect(plain == "plain")
        #expect(throws: RequestProblem.self) { try MockParameters.split("m?rat=80") }
    }
}

// SPDX-License-Identifier: Apache-2.0

import LoadTest
import Testing

struct SecretMaskTests {
    @Test(arguments: [
        ["--header", "authorization: Bearer sekret"], ["-H", "x-api-key:sekret"], ["--header=x: sekret"],
        ["-H=x: sekret"], ["-H", "sekret"], ["http://h/p?a=1&key=sekret"], ["http://h/p?API_KEY=sekret&a=1"],
        ["--compare=http://h/?token=sekret"], ["http://h/?k%65y=sekret"], ["http://h/?a=1#sekret"],
    ])
    func `no secret of a command stays`(command: [String]) {
        let masked = SecretMask.command(command)
        #expect(masked.count == command.count)
        #expect(!masked.joined().contains("sekret"))
    }

    @Test func `what is no secret stays as it was typed`() {
        let command = ["bench", "http://h:8080/v1?model=m&rate=50", "--prompt", "Is #1 key=value? yes", "-c", "5"]
        #expect(SecretMask.command(command) == command)
    }

    @Test func `a header keeps its name, and an address all but the key`() {
        #expect(SecretMask.command(["-H", "x-key: 1"]) == ["-H", "x-key: …"])
        #expect(SecretMask.url("http://h/p?a=1&key=2&b=3") == "http://h/p?a=1&key=…&b=3")
    }
}

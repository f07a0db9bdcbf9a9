// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct PreflightTests {
    private func problem(
        streams: Int,
        processes: Int = 1,
        url: String = "http://example.org/",
        _ change: (inout Surroundings) -> Void = { _ in }
    ) throws -> String? {
        var plan = LoadPlan.test(.closed(concurrency: streams, ramp: 0))
        plan.targets = [try Target(url: url)]
        var surroundings = Surroundings(descriptors: 20_000, ports: 28_232, memory: 8 << 30)
        change(&surroundings)
        do {
            try Preflight(plan, processes: processes).check(in: surroundings)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `a load that fits begins`() throws {
        #expect(try problem(streams: 19_900) == nil)
        #expect(try problem(streams: 25_000, processes: 2) == nil)
        #expect(try problem(streams: 100_000, processes: 6, url: "http://127.0.0.1:1/") == nil)
    }

    @Test func `too many descriptors are refused with what to set`() throws {
        let problem = try #require(try problem(streams: 50_000))
        #expect(problem.contains("50000 streams need 50100 descriptors in a process, and it may have 20000"))
        #expect(problem.contains("--processes 3"))
        #expect(problem.contains("ulimit -Hn 50100"))
    }

    @Test func `too many ports are refused, but not to a loopback server`() throws {
        let problem = try #require(try problem(streams: 30_000, processes: 4))
        #expect(problem.contains("net.ipv4.ip_local_port_range"))
        #expect(try self.problem(streams: 30_000, processes: 4, url: "http://localhost/") == nil)
    }

    @Test func `sockets that do not fit the memory are refused`() throws {
        let problem = try #require(try problem(streams: 10_000) { $0.memory = 100 << 20 })
        #expect(problem.contains("10000 streams need about 166 MB for their sockets, and 100 MB are free"))
        #expect(try self.problem(streams: 10_000) { $0.memory = nil } == nil)
    }

    @Test func `an open load without a bound cannot be judged`() throws {
        let plan = LoadPlan.open([0, 0, 0])
        #expect(Preflight(plan, processes: 1).streams == nil)
        #expect(Preflight(.open([0, 0, 0]) { $0.maxConcurrency = 9 }, processes: 1).streams == 3)
    }

    @Test func `the system's files are read, and what they lack is left out`() {
        #expect(Surroundings.ports("32768\t60999\n") == 28_232)
        #expect(Surroundings.ports("") == nil)
        #expect(Surroundings.ports("9 3") == nil)
        #expect(Surroundings.memory("MemTotal: 5 kB\nMemAvailable:   24 kB\n") == 24 * 1024)
        #expect(Surroundings.memory("MemTotal: 5 kB") == nil)
        #expect(Machine.processor("processor\t: 0\nmodel name\t: AMD EPYC\n") == "AMD EPYC")
        #expect(Machine.processor("processor\t: 0\nCPU part\t: 0xd0c\n") == "0xd0c")
        #expect(Machine.processor("") == "")
    }

    @Test(arguments: [
        ("http://127.0.0.1/", true), ("http://127.3.2.1:9/", true), ("http://localhost:80/", true),
        ("http://[::1]/", true),
        ("http://127.example.org/", false), ("http://10.0.0.1/", false),
    ])
    func `a loopback server is known by its address`(url: String, isLoopback: Bool) throws {
        #expect(try Target(url: url).isLoopback == isLoopback)
    }
}

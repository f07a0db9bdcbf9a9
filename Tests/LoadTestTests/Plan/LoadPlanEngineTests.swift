// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LoadTest

struct LoadPlanEngineTests {
    private func plan(_ urls: String..., http2: Bool = false) throws -> LoadPlan {
        var targets = try urls.map { try Target(url: $0) }
        for index in targets.indices { targets[index].usesHTTP2 = http2 }
        return LoadPlan(targets: targets, arrivals: .closed(concurrency: 250, ramp: 0))
    }

    @Test func `plain HTTP/1 has the engine with stamps; one target that needs the other takes both there`() throws {
        #expect(try plan("http://h/").engine == .epoll)
        #expect(try plan("https://h/").engine == .nio)
        #expect(try plan("http://h/", http2: true).engine == .nio)
        #expect(try plan("http://h/", "https://h/").engine == .nio)
    }

    @Test func `streams of HTTP/2 share connections, unless each is to have its own`() throws {
        var shared = try plan("https://h/", http2: true)
        #expect(shared.connections(for: 250) == 3)
        #expect(Preflight(shared, processes: 1).streams == 3)
        shared.keepsConnections = false
        #expect(shared.connections(for: 250) == 250)
        #expect(try plan("https://h/").connections(for: 250) == 250)
    }

    @Test func `the report names the engine and what it spoke`() {
        func name(_ engine: LoadPlan.Engine, _ wires: String?...) -> String {
            var run = RunRecord()
            for wire in wires {
                var target = TargetRecord()
                target.wire = wire
                run.targets.append(target)
            }
            var report = Report()
            report.setEngine(engine, run)
            return report.engine
        }
        #expect(name(.epoll, nil) == "epoll")
        #expect(name(.nio, "TLS 1.3, h2") == "nio (TLS 1.3, h2)")
        #expect(name(.nio, nil, "TLS 1.3, h2") == "nio (HTTP/1.1 against TLS 1.3, h2)")
        #expect(name(.nio, "h2c", "h2c") == "nio (h2c)")
    }
}

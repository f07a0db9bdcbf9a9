// SPDX-License-Identifier: Apache-2.0

import JSON
import Metrics
import TestSupport
import Testing

struct MetricsPageTests {
    /// The golden file is what promtool checks: `promtool check metrics < Golden/metrics.txt` says nothing.
    @Test func `the page is the golden one`() {
        let actual = MetricsPage.text(busy, upstreams: targets, uptimeSeconds: 12.5, version: "1.2.3")
        #expect(actual == GoldenFile("metrics.txt").bytes(replacedBy: actual))
    }

    @Test(arguments: [
        "connections_open", "connections_total{code=", "streams_open{engine=", "streams_total{outcome=",
        "frames_total{kind=", "bytes_sent_total", "ttft_seconds_bucket", "frame_lag_seconds_bucket",
        "heartbeats_total", "slow_disconnects_total", "resumes_total{result=", "replayed_bytes_total", "gaps_total",
        "upstream_seconds_bucket{upstream=", "upstream_retries_total{upstream=", "breaker_state{upstream=",
        "upstream_in_flight{upstream=", "log_append_seconds_bucket{engine=", "log_degraded{engine=", "drain_remaining",
        "build_info{version=", "uptime_seconds",
    ])
    func `each figure of the duties is there`(name: String) {
        let page = MetricsPage.text(busy, upstreams: targets, uptimeSeconds: 1, version: "1")
        let lines = String(decoding: page, as: UTF8.self).split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("typebar_\(name)") })
    }

    @Test func `no two samples have the same name and labels, even when a target stands in two routes`() {
        let page = MetricsPage.text(busy, upstreams: targets + targets, uptimeSeconds: 1, version: "1")
        let names = String(decoding: page, as: UTF8.self).split(separator: "\n")
            .map { $0.hasPrefix("#") ? $0 : $0.prefix(upTo: $0.lastIndex(of: " ") ?? $0.endIndex) }
        #expect(Set(names).count == names.count)
    }

    @Test func `a breaker is in one state, the worse of two`() {
        var open = targets[0]
        open.breaker = .open
        let page = MetricsPage.text(busy, upstreams: [targets[0], open], uptimeSeconds: 1, version: "1")
        let states = String(decoding: page, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("typebar_breaker_state{") && $0.hasSuffix(" 1") }
        #expect(states == ["typebar_breaker_state{upstream=\"first\",model=\"m \\\"1\\\"\",state=\"open\"} 1"])
    }

    @Test func `the live page's event is one line of JSON with the same figures`() throws {
        let bytes = MetricsPage.json(busy, upstreams: targets, uptimeSeconds: 12.5, version: "1.2.3")
        #expect(!bytes.contains(UInt8(ascii: "\n")))
        guard case .object(let members) = try JSONReader.read(bytes) else {
            Issue.record("no object")
            return
        }
        #expect(members.first { $0.name == "uptime" }?.value == .number("12.5"))
        #expect(members.first { $0.name == "tokens_out" }?.value == .number("7"))
        guard case .array(let upstreams) = members.first(where: { $0.name == "upstreams" })?.value else {
            Issue.record("no upstreams")
            return
        }
        #expect(upstreams.count == 2)
    }

    @Test func `a gateway that has just started has a page too`() throws {
        let text = MetricsPage.text(LoopMetrics(), upstreams: [], uptimeSeconds: 0, version: "")
        #expect(!text.isEmpty)
        _ = try JSONReader.read(MetricsPage.json(LoopMetrics(), upstreams: [], uptimeSeconds: 0, version: ""))
    }

    private var targets: [UpstreamGauge] {
        [
            UpstreamGauge(upstream: "first", model: "m \"1\"", breaker: .closed, inFlight: 3, isHealthy: true),
            UpstreamGauge(upstream: "second", model: "m", breaker: .halfOpen, inFlight: 0, isHealthy: false),
        ]
    }

    private var busy: LoopMetrics {
        var metrics = LoopMetrics()
        metrics.connections(open: metrics.connectionsOpen + 1)
        metrics.responded(status: 200)
        metrics.responded(status: 404)
        metrics.streamOpened(format: "openai_chat")
        metrics.streamOpened(format: "gemini")
        metrics.streamEnded(format: "gemini", .disconnected)
        metrics.firstTokenSent(after: 300_000_000)
        metrics.frameSent(lag: 40_000, gap: nil)
        metrics.frameSent(lag: 900_000, gap: 25_000_000)
        metrics.heartbeatSent()
        metrics.otherFrameSent()
        metrics.wrote(bytes: 512)
        metrics.appended(in: 1500)
        metrics.state(isLogDegraded: true, isDraining: true)
        metrics.used(tokensIn: 5, tokensOut: 7)
        metrics.resumed(.resumed, replayed: 100)
        metrics.upstreamCallEnded("first", .whole, after: 1_500_000_000)
        metrics.upstreamCallEnded("second", .timeout, after: 30_000_000_000)
        metrics.retried("second")
        metrics.failedOver(from: "second")
        return metrics
    }
}

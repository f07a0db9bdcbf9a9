// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension MetricsPage {
    var json: [UInt8] {
        JSONText.object { text in
            text.member("version", version)
            text.name("uptime")
            text.number(uptimeSeconds)
            text.member("connections", metrics.connectionsOpen)
            text.objectMember("open", writeOpen)
            text.objectMember("ended", writeEnded)
            text.objectMember("frames") { text in
                text.member("text", metrics.textFrames)
                text.member("heartbeat", metrics.heartbeats)
                text.member("other", metrics.otherFrames)
            }
            text.member("drain_remaining", metrics.drainRemaining)
            text.member("bytes", metrics.bytesSent)
            text.member("tokens_in", metrics.tokensIn)
            text.member("tokens_out", metrics.tokensOut)
            text.objectMember("ttft") { Self.write(metrics.firstToken, to: &$0) }
            text.objectMember("lag") { Self.write(metrics.lag, to: &$0) }
            text.objectMember("gap") { Self.write(metrics.gap, to: &$0) }
            text.arrayMember("upstreams", writeUpstreams)
        }
    }

    private func writeOpen(to text: inout JSONText) {
        for format in metrics.streamsOpen.keys.sorted() { text.member(format, metrics.streamsOpen[format]) }
    }

    private func writeEnded(to text: inout JSONText) {
        var outcomes = Tally<StreamOutcome>()
        for kind in metrics.streamsEnded.keys { outcomes.add(kind.outcome, metrics.streamsEnded[kind]) }
        for outcome in StreamOutcome.allCases { text.member(outcome.rawValue, outcomes[outcome]) }
    }

    /// The finite bounds, the count of each bucket and of all beyond, and two quantiles since the start.
    private static func write(_ histogram: Histogram, to text: inout JSONText) {
        text.arrayMember("bounds") { text in
            for index in 0..<HistogramScale.bounds { text.number(histogram.scale.seconds(at: index)) }
        }
        text.arrayMember("counts") { text in
            for index in 0..<Histogram.buckets { text.number(histogram.count(at: index)) }
        }
        for (name, part) in [("p50", 0.5), ("p99", 0.99)] {
            text.name(name)
            if let seconds = histogram.quantile(part) { text.number(seconds) } else { text.null() }
        }
    }

    private func writeUpstreams(to text: inout JSONText) {
        for target in upstreams {
            text.object { text in
                let calls = metrics.upstreams[target.upstream]
                text.member("upstream", target.upstream)
                text.member("model", target.model)
                text.member("breaker", target.breaker.rawValue)
                text.member("in_flight", target.inFlight)
                text.member("healthy", target.isHealthy)
                text.member("calls", calls?.calls ?? 0)
                text.member("retries", calls?.retries ?? 0)
                text.member("hedges", calls?.hedges ?? 0)
                text.member("failovers", calls?.failovers ?? 0)
                text.member("continuations", calls?.continuations ?? 0)
            }
        }
    }
}

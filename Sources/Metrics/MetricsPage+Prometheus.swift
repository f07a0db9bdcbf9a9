// SPDX-License-Identifier: Apache-2.0

extension MetricsPage {
    /// Where the answers are kept. The label stands for what is kept elsewhere.
    private static let engine = "memory"

    func writeServer(to text: inout PrometheusText) {
        text.begin("build_info", .gauge, "Always 1; the version that runs.")
        text.sample(["version": version], 1)
        text.begin("uptime_seconds", .gauge, "Time since the gateway started.")
        text.sample([:], uptimeSeconds)
        text.single("connections_open", .gauge, "Client connections that are open.", metrics.connectionsOpen)
        text.begin("connections_total", .counter, "Answered requests by HTTP status.")
        for code in metrics.responses.keys.sorted() {
            text.sample(["code": String(code)], metrics.responses[code])
        }
    }

    func writeStreams(to text: inout PrometheusText) {
        let formats = metrics.streamsOpen.keys.sorted()
        text.begin("streams_open", .gauge, "Answers that are being sent.")
        for format in formats {
            text.sample(["engine": Self.engine, "format": format], metrics.streamsOpen[format])
        }
        text.begin("streams_total", .counter, "Answers by how they ended.")
        for format in formats {
            for outcome in StreamOutcome.allCases {
                let kind = StreamKind(format: format, outcome: outcome)
                text.sample(["outcome": outcome.rawValue, "format": format], metrics.streamsEnded[kind])
            }
        }
        text.begin("tokens_total", .counter, "Tokens as the answers' usage tells them.")
        text.sample(["direction": "in"], metrics.tokensIn)
        text.sample(["direction": "out"], metrics.tokensOut)
    }

    func writeFrames(to text: inout PrometheusText) {
        text.begin("frames_total", .counter, "Frames sent, by what they hold.")
        text.sample(["kind": "text"], metrics.textFrames)
        text.sample(["kind": "heartbeat"], metrics.heartbeats)
        text.sample(["kind": "other"], metrics.otherFrames)
        text.single("heartbeats_total", .counter, "Heartbeats sent.", metrics.heartbeats)
        text.single("bytes_sent_total", .counter, "Bytes written to clients.", metrics.bytesSent)
        text.single("ttft_seconds", "From a request to the first text of its answer.", metrics.firstToken)
        text.single("frame_lag_seconds", "From when a frame was due to when it was sent.", metrics.lag)
        text.single("frame_gap_seconds", "Between two frames of text of one answer.", metrics.gap)
    }

    func writeReaders(to text: inout PrometheusText) {
        let slow = "Clients that were cut because they took nothing."
        let unshaken = "Connections that did not come through their TLS handshake."
        text.single("failed_handshakes_total", .counter, unshaken, metrics.failedHandshakes)
        text.single("slow_disconnects_total", .counter, slow, metrics.slowDisconnects)
        text.begin("resumes_total", .counter, "Clients that came back for the rest, by what became of it.")
        for result in ResumeResult.allCases {
            text.sample(["result": result.rawValue], metrics.resumes[result])
        }
        text.single("replayed_bytes_total", .counter, "Bytes sent again to who came back.", metrics.replayedBytes)
        text.single("gaps_total", .counter, "Resumes whose text was no longer kept.", metrics.trimmedResumes)
    }

    func writeLog(to text: inout PrometheusText) {
        text.begin("log_append_seconds", .histogram, "How long it took to put text into the log that resumes read.")
        text.sample(["engine": Self.engine], metrics.append)
        text.begin("log_degraded", .gauge, "1 while that log takes no new stream.")
        text.sample(["engine": Self.engine], metrics.isLogDegraded ? 1 : 0)
        let left = "Answers that are waited for while the gateway goes down."
        text.single("drain_remaining", .gauge, left, metrics.drainRemaining)
    }

    func writeCalls(to text: inout PrometheusText) {
        let calls = metrics.upstreams.sorted { $0.key < $1.key }
        text.begin("upstream_seconds", .histogram, "How long calls of upstreams took, by how they ended.")
        for (name, upstream) in calls {
            for outcome in CallOutcome.allCases where upstream.seconds(outcome).count > 0 {
                text.sample(["upstream": name, "outcome": outcome.rawValue], upstream.seconds(outcome))
            }
        }
        text.begin("upstream_retries_total", .counter, "Calls made again after a failure.")
        for (name, upstream) in calls { text.sample(["upstream": name], upstream.retries) }
        text.begin("upstream_hedges_total", .counter, "Calls made because another target was still silent.")
        for (name, upstream) in calls { text.sample(["upstream": name], upstream.hedges) }
        text.begin("upstream_failovers_total", .counter, "Requests that went on to another target.")
        for (name, upstream) in calls { text.sample(["upstream": name], upstream.failovers) }
        text.begin("upstream_continuations_total", .counter, "Answers that went on here after another target failed.")
        for (name, upstream) in calls { text.sample(["upstream": name], upstream.continuations) }
    }

    func writeTargets(to text: inout PrometheusText) {
        text.begin("upstream_in_flight", .gauge, "Requests under way at an upstream.")
        for target in upstreams {
            text.sample(["upstream": target.upstream, "model": target.model], target.inFlight)
        }
        text.begin("upstream_healthy", .gauge, "1 unless health checks fail.")
        for target in upstreams {
            text.sample(["upstream": target.upstream, "model": target.model], target.isHealthy ? 1 : 0)
        }
        text.begin("breaker_state", .gauge, "1 for the state in which a breaker is, 0 for the others.")
        for target in upstreams {
            for state in UpstreamGauge.Breaker.allCases {
                text.sample(
                    ["upstream": target.upstream, "model": target.model, "state": state.rawValue],
                    state == target.breaker ? 1 : 0
                )
            }
        }
    }
}

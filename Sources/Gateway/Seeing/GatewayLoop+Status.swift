// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import HTTPTypes
internal import Journal
internal import Metrics
internal import NIOCore
internal import Synchronization
internal import Upstream
internal import WireFormats

extension GatewayLoop {
    /// Answers a request about the server itself.
    func answerStatus(_ route: StatusRoute, _ request: ServerRequest, _ reply: Reply) throws(RequestProblem) {
        guard [.get, .head].contains(request.method) else {
            reply.fields[.allow] = "GET, HEAD"
            throw RequestProblem(status: 405, code: "method_not_allowed", message: "Only GET is possible here.")
        }
        switch route {
        case .health: reply.send(Self.plain("ok"))
        case .ready:
            let isDraining = services.isDraining.load(ordering: .relaxed)
            reply.send(Self.plain(isDraining ? "draining" : "ready", status: isDraining ? .serviceUnavailable : .ok))
        case .metrics:
            try checkAdmin(request)
            let bound = NIOLoopBound(reply, eventLoop: eventLoop)
            MetricsRound.collect(services, on: number) { sum, loop in
                let (metrics, gauges, seconds) = loop.figures(sum)
                let body = MetricsPage.text(metrics, upstreams: gauges, uptimeSeconds: seconds, version: Version.text)
                var response = ServerResponse(status: .ok, fields: [:], body: body)
                response.fields[.contentType] = PrometheusText.contentType
                bound.value.send(response)
            }
        case .live:
            try checkAdmin(request)
            guard request.method == .get else { return reply.streamHead() }
            LiveFeed(reply.open(.eventStream(nil)), loop: self).begin()
        }
    }

    /// All that is told of the server, from what its loops have counted.
    func figures(_ sum: LoopMetrics) -> (LoopMetrics, [UpstreamGauge], seconds: Double) {
        var metrics = sum
        metrics.connections(open: services.openConnections())
        let isDraining = services.isDraining.load(ordering: .relaxed)
        metrics.state(isLogDegraded: services.journal.isFull, isDraining: isDraining)
        let now = Pacer.now()
        let gauges = services.board.reports(now: now).map { report in
            UpstreamGauge(
                upstream: report.endpoint,
                model: report.model,
                breaker: UpstreamGauge.Breaker(rawValue: report.breaker) ?? .closed,
                inFlight: report.inFlight,
                isHealthy: report.isHealthy
            )
        }
        return (metrics, gauges, Double(now - services.start) / 1e9)
    }

    private static func plain(_ text: String, status: HTTPResponse.Status = .ok) -> ServerResponse {
        var response = ServerResponse(status: status, fields: [:], body: Array((text + "\n").utf8))
        response.fields[.contentType] = "text/plain; charset=utf-8"
        response.fields[.cacheControl] = "no-store"
        return response
    }
}

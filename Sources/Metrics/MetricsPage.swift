// SPDX-License-Identifier: Apache-2.0

/// All figures of the gateway, as Prometheus scrapes them and as the live page draws them.
public struct MetricsPage {
    let metrics: LoopMetrics
    /// One for each upstream and model.
    let upstreams: [UpstreamGauge]
    let uptimeSeconds: Double
    let version: String

    private init(_ metrics: LoopMetrics, _ upstreams: [UpstreamGauge], _ uptimeSeconds: Double, _ version: String) {
        self.metrics = metrics
        self.upstreams = UpstreamGauge.distinct(upstreams)
        self.uptimeSeconds = uptimeSeconds
        self.version = version
    }

    /// The body of `/metrics`, of the type ``PrometheusText/contentType``.
    public static func text(
        _ metrics: LoopMetrics,
        upstreams: [UpstreamGauge],
        uptimeSeconds: Double,
        version: String
    ) -> [UInt8] {
        let page = MetricsPage(metrics, upstreams, uptimeSeconds, version)
        var text = PrometheusText()
        page.writeServer(to: &text)
        page.writeStreams(to: &text)
        page.writeFrames(to: &text)
        page.writeReaders(to: &text)
        page.writeLog(to: &text)
        page.writeCalls(to: &text)
        page.writeTargets(to: &text)
        return text.bytes
    }

    /// The data of one event of `/live/events`: an object on one line, its counters since the start, times in seconds.
    public static func json(
        _ metrics: LoopMetrics,
        upstreams: [UpstreamGauge],
        uptimeSeconds: Double,
        version: String
    ) -> [UInt8] {
        MetricsPage(metrics, upstreams, uptimeSeconds, version).json
    }
}

// SPDX-License-Identifier: Apache-2.0

import Metrics
import Testing

struct PrometheusTextTests {
    @Test func `a family has its help, its type and its samples`() {
        var text = PrometheusText()
        text.begin("frames_total", .counter, "Frames\nwith \\ and \"quotes\".")
        text.sample(["kind": "text", "of": "a"], 3)
        text.sample([:], 4)
        #expect(
            string(text) == """
                # HELP typebar_frames_total Frames\\nwith \\\\ and "quotes".
                # TYPE typebar_frames_total counter
                typebar_frames_total{kind="text",of="a"} 3
                typebar_frames_total 4

                """
        )
    }

    @Test func `no label can leave its quotes or its line`() {
        var text = PrometheusText()
        text.begin("a", .gauge, "A.")
        text.sample(["model": "a\"} 1\nb\\é"], 1)
        #expect(string(text).hasSuffix("typebar_a{model=\"a\\\"} 1\\nb\\\\é\"} 1\n"))
    }

    @Test(
        arguments: [
            (0, "0"), (1.5, "1.5"), (6.25e-05, "6.25e-05"), (-2, "-2"), (1e300, "1e+300"), (.infinity, "+Inf"),
            (-.infinity, "-Inf"), (.nan, "NaN"),
        ] as [(Double, String)]
    )
    func `a number is written as Prometheus reads it`(value: Double, expected: String) {
        var text = PrometheusText()
        text.sample([:], value)
        #expect(string(text) == " \(expected)\n")
    }

    @Test func `a histogram's buckets count all that is not longer, up to all there is`() {
        var histogram = Histogram(.wait)
        for time in [500_000, 1_500_000, 1_500_000, Int64.max] { histogram.observe(time) }
        var text = PrometheusText()
        text.single("gap_seconds", "Gaps.", histogram)
        let lines = string(text).split(separator: "\n").dropFirst(2)
        #expect(lines.count == HistogramScale.bounds + 3)
        #expect(
            lines.prefix(3) == [
                "typebar_gap_seconds_bucket{le=\"0.001\"} 1",
                "typebar_gap_seconds_bucket{le=\"0.002\"} 3",
                "typebar_gap_seconds_bucket{le=\"0.004\"} 3",
            ]
        )
        #expect(lines.contains("typebar_gap_seconds_bucket{le=\"+Inf\"} 4"))
        #expect(lines.last == "typebar_gap_seconds_count 4")
    }

    private func string(_ text: PrometheusText) -> String {
        String(decoding: text.bytes, as: UTF8.self)
    }
}

// SPDX-License-Identifier: Apache-2.0

extension ReportText {
    /// One row of a table of latencies.
    enum Row {
        case metric(Metric)
        /// Gaps as a reader at a random instant waits: each weighs as much as it is long.
        case waited

        /// A reader's way through a stream. What was never measured is left out.
        static let all: [Row] = [
            .metric(.queue), .metric(.connect), .metric(.firstByte), .metric(.firstEvent), .metric(.firstToken),
            .metric(.firstTokenFromSend), .metric(.firstVisible), .metric(.gap), .waited, .metric(.longestGap),
            .metric(.stall), .metric(.rebuffer), .metric(.timePerToken), .metric(.endToEnd), .metric(.close),
            .metric(.lateness),
        ]

        var metric: Metric {
            switch self {
            case .metric(let metric): metric
            case .waited: .gap
            }
        }

        var words: String {
            switch self {
            case .metric(let metric): metric.words
            case .waited: "as a reader at any instant waits"
            }
        }

        /// Raw; a time-weighted mean is not told.
        func value(_ statistic: Statistic, of target: TargetRecord) -> Double? {
            switch (self, statistic) {
            case (.waited, .mean): nil
            case (.waited, .percentile(let share)):
                target[.gap].enoughFor(share) ? target[.gap].timeWeighted(share).map(Double.init) : nil
            default: statistic.value(of: target[metric])
            }
        }

        func cell(_ statistic: Statistic, of target: TargetRecord) -> String {
            guard let value = value(statistic, of: target) else { return Figure.none }
            return statistic == .count ? Figure.count(Int(value)) : Figure.short(value / metric.scale)
        }
    }

    mutating func addLatencies(_ target: TargetRecord) {
        var table = TextTable(words: [0, 1])
        table.add(["ms", ""] + Statistic.columns.map(\.name))
        var isEmpty = true
        for row in Row.all where target[row.metric].count > 0 {
            table.add([row.metric.rawValue, row.words] + Statistic.columns.map { row.cell($0, of: target) })
            isEmpty = false
        }
        guard !isEmpty else { return }
        addLine()
        add(table)
    }
}

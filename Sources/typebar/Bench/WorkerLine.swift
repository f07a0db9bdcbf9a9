// SPDX-License-Identifier: Apache-2.0

internal import LoadTest

/// What a worker process tells its parent, a line each on standard output.
enum WorkerLine {
    case figures(LiveFigures.Figures)
    /// Its last words, as JSON.
    case record(String)
    case failure(String)

    init?(_ line: String) {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let rest = String(parts[1])
        switch parts[0] {
        case "figures":
            guard let figures = Self.figures(rest) else { return nil }
            self = .figures(figures)
        case "record": self = .record(rest)
        case "failure": self = .failure(rest)
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .figures(let figures): "figures " + Self.numbers(figures).map(String.init).joined(separator: " ")
        case .record(let json): "record " + json
        case .failure(let message): "failure " + message.replacing("\n", with: " ")
        }
    }

    static func record(of run: RunRecord) -> WorkerLine {
        .record(String(decoding: run.json, as: UTF8.self))
    }

    private static func numbers(_ figures: LiveFigures.Figures) -> [Int] {
        [
            Int(figures.elapsed), figures.isWarmingUp ? 1 : 0, figures.running, figures.begun, figures.completed,
            figures.failed, figures.contents, Int(figures.firstTokenP50), Int(figures.firstTokenP99),
            Int(figures.gapP50), Int(figures.gapP99), Int(figures.sendLagP99), Int(figures.kernelToUserP99),
        ]
    }

    private static func figures(_ text: String) -> LiveFigures.Figures? {
        let numbers = text.split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 13 else { return nil }
        var figures = LiveFigures.Figures()
        figures.elapsed = Int64(numbers[0])
        figures.isWarmingUp = numbers[1] == 1
        figures.running = numbers[2]
        figures.begun = numbers[3]
        figures.completed = numbers[4]
        figures.failed = numbers[5]
        figures.contents = numbers[6]
        figures.firstTokenP50 = Int64(numbers[7])
        figures.firstTokenP99 = Int64(numbers[8])
        figures.gapP50 = Int64(numbers[9])
        figures.gapP99 = Int64(numbers[10])
        figures.sendLagP99 = Int64(numbers[11])
        figures.kernelToUserP99 = Int64(numbers[12])
        return figures
    }
}

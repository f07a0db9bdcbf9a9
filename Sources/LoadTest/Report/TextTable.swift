// SPDX-License-Identifier: Apache-2.0

/// Lines of cells in columns: words to the left, figures to the right.
struct TextTable {
    private var rows: [[String]] = []
    /// The columns of words, counted from 0.
    private let words: Set<Int>

    init(words: Set<Int>) {
        self.words = words
    }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// Each row as a line, columns as wide as they need, behind `indent` spaces.
    func lines(indent: Int = 2) -> [String] {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            var line = String(repeating: " ", count: indent)
            for (column, cell) in row.enumerated() {
                let space = String(repeating: " ", count: widths[column] - cell.count)
                if column > 0 { line += "  " }
                line += words.contains(column) ? cell + space : space + cell
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

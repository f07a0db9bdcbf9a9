// SPDX-License-Identifier: Apache-2.0

/// Lines of cells in columns: the first ones left, figures right.
struct TextTable {
    private var rows: [[String]] = []
    /// How many columns, from the left, are words.
    private let words: Int
    private let gap: Int

    /// - Parameter gap: Spaces between columns.
    init(words: Int = 1, gap: Int = 2) {
        self.words = words
        self.gap = gap
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
                if column > 0 { line += String(repeating: " ", count: gap) }
                line += column < words ? cell + space : space + cell
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

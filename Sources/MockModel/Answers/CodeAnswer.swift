// SPDX-License-Identifier: Apache-2.0

/// An explanation with fenced code blocks in Swift, Python and shell; the shell block is indented with real tabs.
enum CodeAnswer {
    static let text: String = #"""
        To find the most frequent words in a text, split it into words, count each one in a dictionary, and sort the \#
        counts. Here is the idea in Swift:

        ```swift
        func topWords(in text: String, limit: Int = 3) -> [String] {
            var counts: [String: Int] = [:]
            for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) {
                counts[String(word), default: 0] += 1
            }
            return counts
                .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .prefix(limit)
                .map { "\($0.key): \($0.value)" }
        }

        print(topWords(in: "the cat and the hat and the bat"))
        ```

        The sort compares pairs, so words with equal counts come out in alphabetical order. Python has a counter in its \#
        standard library, which makes the job shorter:

        ```python
        import re
        from collections import Counter


        def top_words(text, limit=3):
            counts = Counter(re.findall(r"[^\W\d_]+", text.lower()))
            return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
        ```

        From a shell you can do something similar for every text file in a folder:

        ```sh
        for file in *.txt; do
        \#tif [ -s "$file" ]; then
        \#t\#tprintf '%s:\n' "$file"
        \#t\#ttr -cs '[:alpha:]' '\n' < "$file" | sort | uniq -c | sort -rn | head -n 3
        \#tfi
        done
        ```

        In each case the sorting grows fastest with the size of the text, at about `O(n log n)`.
        """#
}

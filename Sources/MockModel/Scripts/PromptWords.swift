// SPDX-License-Identifier: Apache-2.0

/// What the mock understands of a user's text: its words, and the names among them.
struct PromptWords: Equatable {
    /// As much of a text is read, in characters.
    private static let readLength = 16_384
    /// What may stand inside a word.
    private static let joints: Set<Character> = ["-", "'", "’"]

    /// In lower case.
    private(set) var words: Set<String> = []
    /// Capitalised words in their order, neighbours joined: not those with which a sentence begins.
    private(set) var names: [String] = []

    private var word = ""
    private var beginsSentence = true
    /// Whether a word that comes now continues the last name.
    private var isNameOpen = false

    init(_ text: String) {
        for character in text.prefix(Self.readLength) {
            if character.isLetter || character.isNumber || Self.joints.contains(character) {
                word.append(character)
                continue
            }
            endWord()
            if character != " " { isNameOpen = false }
            if ".!?:\n".contains(character) { beginsSentence = true }
        }
        endWord()
    }

    /// Whether a word of a tool's name, or its plural, is among the words; verbs that any tool's name may have do
    /// not count, nor do words of less than four letters.
    func name(tool: String) -> Bool {
        Self.parts(of: tool).contains { words.contains($0) || words.contains($0 + "s") }
    }

    private mutating func endWord() {
        defer { word = "" }
        for possessive in ["'s", "’s"] where word.hasSuffix(possessive) { word.removeLast(2) }
        while let last = word.last, Self.joints.contains(last) { word.removeLast() }
        while let first = word.first, Self.joints.contains(first) { word.removeFirst() }
        guard !word.isEmpty else { return }
        words.insert(word.lowercased())
        let isName = word.first?.isUppercase == true && !beginsSentence && word != "I" && !word.hasPrefix("I'")
        if isName, isNameOpen, let last = names.popLast() {
            names.append(last + " " + word)
        } else if isName {
            names.append(word)
        }
        isNameOpen = isName
        beginsSentence = false
    }

    private static let verbs: Set<String> = ["find", "make", "call", "list", "with", "from"]

    /// `get_currentWeather` has `current` and `weather`.
    private static func parts(of name: String) -> [String] {
        var parts = [""]
        for character in name {
            if !character.isLetter || (character.isUppercase && parts.last?.last?.isLowercase == true) {
                parts.append("")
            }
            if character.isLetter { parts[parts.count - 1] += character.lowercased() }
        }
        return parts.filter { $0.count >= 4 && !verbs.contains($0) }
    }
}

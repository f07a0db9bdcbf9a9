// SPDX-License-Identifier: Apache-2.0

/// Emoji sequences and combining marks, all escaped: every cluster of several scalars must arrive as one character.
enum EmojiAnswer {
    static let text: String = """
        Hello! \u{1F44B}\u{1F3FD} Let us plan a picnic \u{1F9FA}\u{2600}\u{FE0F}. The Garcias \
        \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466} bring the bread \u{1F956}, the Okoros \
        \u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F466} bring mangoes \u{1F96D}, and a chef \
        \u{1F468}\u{1F3FE}\u{200D}\u{1F373} makes the soup.

        \u{0031}\u{FE0F}\u{20E3} Guests come from \u{1F1EF}\u{1F1F5}\u{1F1E7}\u{1F1F7}\u{1F1F0}\u{1F1EA}, from England \
        \u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} and from Scotland \
        \u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}.
        \u{0032}\u{FE0F}\u{20E3} Among them are an astronaut \u{1F469}\u{200D}\u{1F680}, a scientist \
        \u{1F469}\u{1F3FD}\u{200D}\u{1F52C} and a nurse \u{1F9D1}\u{200D}\u{2695}\u{FE0F}.
        \u{0033}\u{FE0F}\u{20E3} Look for the rainbow flag \u{1F3F3}\u{FE0F}\u{200D}\u{1F308}, or dial \
        \u{0023}\u{FE0F}\u{20E3}.

        Everyone shakes hands \u{1FAF1}\u{1F3FB}\u{200D}\u{1FAF2}\u{1F3FF}, gives a thumbs up \
        \u{1F44D}\u{1F3FB}\u{1F44D}\u{1F3FF} and sends hearts: \u{2764}\u{FE0F}, \u{1F49B}, \
        \u{2764}\u{FE0F}\u{200D}\u{1F525}, or in plain text style \u{2764}\u{FE0E}.

        Later we meet at the cafe\u{0301}, for a cre\u{0300}me bru\u{0302}le\u{0301}e. Min says \
        \u{110B}\u{1161}\u{11AB}\u{1102}\u{1167}\u{11BC}, and Asha answers in \
        \u{0939}\u{093F}\u{0928}\u{094D}\u{0926}\u{0940}: \u{0928}\u{092E}\u{0938}\u{094D}\u{0924}\u{0947}, \
        \u{092E}\u{093F}\u{0924}\u{094D}\u{0930}! Did you know? That family of four is seven scalars and twenty-five \
        bytes \u{1F92F}, yet it is one character, just like the letter e\u{0301} in cafe\u{0301}. See you there \
        \u{1F389}!
        """
}

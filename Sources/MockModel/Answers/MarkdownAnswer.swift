// SPDX-License-Identifier: Apache-2.0

/// The usual Markdown constructs, block by block: headings, lists, a table, links, a quotation and a task list.
enum MarkdownAnswer {
    static let text: String = """
        # Brewing a Better Cup of Tea

        Good tea needs only **three** things: fresh water, enough *time*, and a little attention. If you like to keep \
        notes, a plain file such as `tea-log.md` will do.

        ## What you need

        - A kettle, ideally one with a thermometer
        - Loose leaves, about `2 g` for each cup
        - A pot that has room for the leaves to open
          - Glass lets you watch the colour
          - Clay holds the heat
            - *Unglazed* clay also keeps some of the flavour

        ## Step by step

        1. Warm the pot with hot water, then empty it.
        2. Add the leaves and pour the water over them.
        3. Wait, and resist the urge to stir:
           1. set a timer,
           2. put the lid on.
        4. Strain and serve **_at once_**.

        ## Times and temperatures

        | Tea    | Water  | Minutes | Second brew? |
        | :----- | -----: | :-----: | ------------ |
        | Green  |  75 °C |   2     | Yes          |
        | Oolong |  90 °C |   3     | Yes, often   |
        | Black  |  98 °C |   4     | ~~Yes~~ No   |

        > Bitter tea is usually tea that was forgotten.
        >
        > Shorten the time before you reduce the leaves.

        ---

        ### Before you start

        - [x] Fill the kettle with fresh water
        - [x] Choose a tea
        - [ ] Find the good cup

        Read more about [tea](https://en.wikipedia.org/wiki/Tea), or about the format of this answer at \
        <https://commonmark.org>.
        """
}

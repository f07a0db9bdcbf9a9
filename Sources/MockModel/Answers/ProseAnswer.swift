// SPDX-License-Identifier: Apache-2.0

/// Plain English prose in several paragraphs: the most ordinary answer a model can give.
enum ProseAnswer {
    static let text: String = """
        A type bar is a slender steel arm with a small block of type at its tip. On most manual machines the block \
        carries two characters, a capital and its small letter, both cut in mirror image so that they print the right way \
        round. Dozens of these arms rest side by side in a curved rack called the segment.

        Press a key and a chain of levers turns the push into a fast upward swing. The bar flies toward the \
        paper, the ribbon rises to meet it, and for an instant type, ink and paper are pressed against the rubber roller \
        known as the platen. Then the bar falls back to its place.

        The same movement trips a ratchet called the escapement, which lets a spring draw the carriage one step to the \
        left, so that the next letter lands beside the last.

        Because every bar must strike the same spot, two keys struck at once will meet on the way and jam. A good typist \
        therefore learns rhythm before speed: each letter waits, very briefly, for its neighbour to get out of the way.
        """
}

// SPDX-License-Identifier: Apache-2.0

public import WireFormats

extension Cassette {
    /// What the model said, as a script that can be told in any wire format.
    ///
    /// An answer that was not whole ends in a fault of the script: a status, a reset, an end without what tells that
    /// the answer is whole, or the error event.
    /// - Parameters:
    ///   - parser: A fresh one of the cassette's ``format``.
    ///   - keepsTiming: Pauses stand between the deltas, so that each begins when it came, if what is said takes no
    ///     time to type. Else deltas are joined, to be typed at any pace.
    ///   - staysSilent: Who fell silent stays so, for as long as the client bears it. Else that is a reset too.
    public func script(
        using parser: some AnswerParser,
        keepsTiming: Bool,
        staysSilent: Bool = false
    ) -> AnswerScript {
        var builder = CassetteScriptBuilder(keepsTiming: keepsTiming, staysSilent: staysSilent)
        for (time, event) in events(using: parser) { builder.add(event, at: time) }
        return builder.finish()
    }
}

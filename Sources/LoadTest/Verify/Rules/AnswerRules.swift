// SPDX-License-Identifier: Apache-2.0

/// The rules of one format: which events there are, in which order, and what they bear.
///
/// A state machine over the events of one answer; what it finds and what was said goes into the transcript.
protocol AnswerRules {
    /// Which event tells that nothing more comes.
    var ending: AnswerEnding { get }

    mutating func take(_ frame: StreamFrame, _ transcript: inout AnswerTranscript)

    /// The answer came to its end; what is missing of it is known now.
    mutating func finish(_ transcript: inout AnswerTranscript)
}

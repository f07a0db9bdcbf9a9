// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// What is asked of a server.
struct BenchRequestOptions: ParsableArguments {
    @Argument(help: "The address to ask: http://127.0.0.1:8080/v1/chat/completions, https://…")
    var url: String

    @Option(help: "A file with the request's body. The request is a POST then.")
    var body: String?

    @Option(help: "What to ask; the body is made of it, in the format of the path or of --format.")
    var prompt: String?

    @Option(help: "The model's name in a body that is made.")
    var model: String?

    @Option(
        help: """
            What the answer looks like: event_source, openai_chat, openai_completions, openai_responses, \
            anthropic_messages, gemini, ollama, ui_message_stream. Default: guessed from the path and the first answer.
            """
    )
    var format: String?

    @Option(name: [.customLong("header"), .customShort("H")], help: "A field of the request, as \"name: value\".")
    var headers: [String] = []
}

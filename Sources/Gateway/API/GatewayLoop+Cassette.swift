// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPTypes
internal import MockModel
internal import Typewriter
internal import WireFormats

extension GatewayLoop {
    /// Where an answer comes from that a cassette holds: its bytes as they were, where the client speaks the format they
    /// are in; else what they say.
    func cassette(
        _ path: String,
        isRaw: Bool?,
        speed: Double,
        keepsTiming: Bool,
        _ chat: ChatRequest
    ) throws(RequestProblem) -> AnswerOrder.Source {
        let cassette: Cassette
        do {
            cassette = try services.cassettes.cassette(at: path)
        } catch {
            throw RequestProblem(status: 500, code: "broken_cassette", message: error.description)
        }
        // What refuses a request is the same whether a stream was wanted or not.
        let isOfForm = cassette.isRefusal || chat.isStreamed != cassette.isWhole
        let speaksIt = cassette.format == chat.format && isOfForm
        if isRaw ?? (speaksIt && (keepsTiming || cassette.isRefusal) || cassette.isWhole) {
            guard speaksIt else {
                throw RequestProblem(
                    status: 400,
                    code: "other_format",
                    message:
                        "The cassette holds a \(cassette.isWhole ? "whole answer" : "stream") of "
                        + "\(cassette.format.rawValue); it cannot be replayed raw here."
                )
            }
            return .cassette(cassette, speed: speed)
        }
        if cassette.isRefusal, let status = cassette.status {
            throw RequestProblem(
                status: status,
                code: Self.faultCode(status),
                message: Self.faultMessage(status),
                retryAfter: cassette.retryAfter
            )
        }
        guard
            let parser = AnswerParsers.parser(for: cassette.format, limit: services.configuration.streams.upstreamEvent)
        else {
            throw RequestProblem(status: 500, code: "broken_cassette", message: "Nobody here reads its format.")
        }
        let script = cassette.script(
            using: parser,
            keepsTiming: keepsTiming,
            staysSilent: keepsTiming && speed > 0
        )
        return .scripts([AnswerScript](repeating: script.scaled(by: speed), count: chat.choices))
    }

    /// Plays the bytes of a cassette to a client, as they were.
    func replay(_ cassette: Cassette, speed: Double, _ order: AnswerOrder, _ reply: Reply) {
        let replay = CassetteReplay(cassette, speed: speed, order: order, reply: reply, loop: self)
        let log = reply.logID
        replay.onEnd = { [services] outcome in
            services.requestLog.ended(log, outcome, status: cassette.status ?? 0, now: Pacer.now())
        }
        replay.start(now: Pacer.now())
    }
}

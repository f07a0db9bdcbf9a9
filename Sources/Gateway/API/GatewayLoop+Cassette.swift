// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPTypes
internal import MockModel
internal import Typewriter
internal import WireFormats

extension GatewayLoop {
    /// Where an answer comes from that a cassette holds: its bytes as they were, where the client speaks the format they
    /// are in; else what they say. Faults are done to what is said, for they know frames, and bytes have none.
    func cassette(
        _ path: String,
        isRaw: Bool?,
        speed: Double,
        keepsTiming: Bool,
        _ chat: ChatRequest,
        _ plan: FaultPlan
    ) throws(RequestProblem) -> AnswerOrder.Source {
        let cassette: Cassette
        do {
            cassette = try services.cassettes.cassette(at: path)
        } catch {
            throw RequestProblem(status: 500, code: "broken_cassette", message: error.description)
        }
        let speaksIt = cassette.format == chat.format && chat.isStreamed
        if isRaw == true, plan.altersAnswer {
            throw RequestProblem(
                code: "fault_of_raw_cassette",
                message:
                    "A cassette that is replayed raw is as it was, without faults: set \"raw: false\", or no fault.",
                parameter: "fault"
            )
        }
        if isRaw ?? (speaksIt && keepsTiming && !plan.altersAnswer) {
            guard speaksIt else {
                throw RequestProblem(
                    status: 400,
                    code: "other_format",
                    message:
                        "The cassette holds a stream of \(cassette.format.rawValue); it cannot be replayed raw here."
                )
            }
            return .cassette(cassette, speed: speed)
        }
        guard (200...299).contains(cassette.status) else {
            throw RequestProblem(
                status: cassette.status,
                code: Self.faultCode(cassette.status),
                message: Self.faultMessage(cassette.status)
            )
        }
        guard
            let parser = AnswerParsers.parser(for: cassette.format, limit: services.configuration.streams.upstreamEvent)
        else {
            throw RequestProblem(status: 500, code: "broken_cassette", message: "Nobody here reads its format.")
        }
        let script = cassette.script(using: parser, keepsTiming: keepsTiming).scaled(by: speed)
        return .scripts([AnswerScript](repeating: script, count: chat.choices))
    }

    /// Plays the bytes of a cassette to a client, as they were.
    func replay(_ cassette: Cassette, speed: Double, _ order: AnswerOrder, _ reply: Reply) {
        let replay = CassetteReplay(cassette, speed: speed, order: order, reply: reply, loop: self)
        let log = reply.logID
        replay.onEnd = { [services] outcome in
            services.requestLog.ended(log, outcome, status: cassette.status, now: Pacer.now())
        }
        replay.start(now: Pacer.now())
    }
}

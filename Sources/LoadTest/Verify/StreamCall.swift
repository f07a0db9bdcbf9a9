// SPDX-License-Identifier: Apache-2.0

internal import Typewriter
internal import Upstream

/// Asks a target, once or again from where a reader was cut, and has an inspector look at what comes.
struct StreamCall {
    private static let connectMilliseconds = 10_000

    let reactor: CurlReactor
    let url: String
    let headers: [Target.Field]
    /// Nil: a GET.
    let body: [UInt8]?
    let connection: ConnectionSettings
    /// Nothing for longer than this, and the answer is given up.
    let patience: Nanoseconds

    /// - Parameters:
    ///   - lastEventID: Where a reader was cut; nil asks for a new answer.
    ///   - stopsAfter: The connection is dropped after so many events with text and an id.
    func perform(
        _ settings: AnswerInspector.Settings,
        lastEventID: String? = nil,
        stopsAfter: Int? = nil
    ) throws(VerifyFailure) -> AnswerInspector {
        let inbox = try ArrivalInbox()
        var inspector = AnswerInspector(settings)
        inspector.stopsAfter = stopsAfter
        let id = reactor.start(request(lastEventID), deliveringTo: inbox)
        while true {
            let arrivals = inbox.wait(atMost: patience)
            if arrivals.isEmpty {
                reactor.cancel(id)
                inspector.ended(.silent(patience), at: KernelClock.now())
                return inspector
            }
            for arrival in arrivals {
                switch arrival.part {
                case .answered(let head): inspector.answered(head, at: arrival.at)
                case .body(let piece):
                    inspector.received(piece, at: arrival.at)
                    reactor.acknowledge(id, bytes: piece.count)
                case .ended(let end):
                    if !inspector.isSated { inspector.ended(AnswerCut(end), at: arrival.at) }
                }
                if inspector.isSated {
                    reactor.cancel(id)
                    inspector.abandoned()
                    return inspector
                }
                if case .ended = arrival.part { return inspector }
            }
        }
    }

    private func request(_ lastEventID: String?) -> TransferRequest {
        var fields = headers.map { TransferRequest.Field(name: $0.name, value: $0.value) }
        func add(_ name: String, _ value: String) {
            guard !fields.contains(where: { $0.name.lowercased() == name.lowercased() }) else { return }
            fields.append(.init(name: name, value: value))
        }
        if body != nil { add("Content-Type", "application/json") }
        add("Accept", "text/event-stream, application/x-ndjson, */*")
        if let lastEventID { add("Last-Event-ID", lastEventID) }
        var request = TransferRequest(
            url: url,
            fields: fields,
            body: body ?? [],
            connectMilliseconds: Self.connectMilliseconds
        )
        request.method = body == nil ? .get : .post
        request.connection = connection
        // Each answer is to stand for itself.
        request.connection.reuseSeconds = 0
        return request
    }
}

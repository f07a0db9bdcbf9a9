// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Journal
internal import Typewriter

/// Names a copy of a stream among all loops of the process.
typealias ReplicaID = UInt64

/// A copy of a stream on the loop of its one reader. It is told what the original is told, and types by itself.
final class Replica: StreamKeeper {
    /// What a copy is made of; crosses from loop to loop.
    struct Snapshot: Sendable {
        let spec: StreamSpec
        let log: AnswerLog
        let typewriter: Typewriter
        let usage: Usage?
    }

    let id: ReplicaID
    let stream: Stream
    private let home: Int
    private unowned let loop: GatewayLoop

    init(id: ReplicaID, _ snapshot: Snapshot, home: Int, loop: GatewayLoop) {
        self.id = id
        self.home = home
        self.loop = loop
        self.stream = Stream(
            spec: snapshot.spec,
            log: snapshot.log,
            typewriter: snapshot.typewriter,
            usage: snapshot.usage,
            pacer: loop.pacer
        )
        stream.keeper = self
    }

    func readersChanged(of stream: Stream, now: Nanoseconds) {
        guard stream.readers.isEmpty else { return }
        loop.retire(self, home: home)
    }

    func timeCame(for stream: Stream, now: Nanoseconds) {}

    func streamStarved(_ stream: Stream, now: Nanoseconds) {}

    func readerEnded(_ outcome: AnswerOutcome) {}

    func streamEnded(_ stream: Stream, now: Nanoseconds) {}
}

@available(*, unavailable)
extension Replica: Sendable {}

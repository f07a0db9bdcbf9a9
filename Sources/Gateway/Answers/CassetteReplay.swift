// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPServer
internal import HTTPTypes
internal import MockModel
internal import Typewriter
internal import WireFormats

/// Plays the recorded bytes of an upstream to one client, at the times at which they came.
final class CassetteReplay: Pulsing, OutletDelegate {
    private static let checkTime: Nanoseconds = 1 * .second

    private var player: CassettePlayer
    private var watch: StallWatch
    private let outlet: any Outlet
    private let limit: Int
    private unowned let loop: GatewayLoop
    private var handle: PacingWheel.Handle = -1
    private var hasEnded = false
    /// All has been said, and the client may stay as long as it likes.
    private var isSilent = false
    private var hasPeerFinished = false
    /// Tells how it went, once.
    var onEnd: ((AnswerOutcome) -> Void)?

    init(_ cassette: Cassette, speed: Double, order: AnswerOrder, reply: Reply, loop: GatewayLoop) {
        self.player = CassettePlayer(cassette: cassette, speed: speed, start: order.start)
        self.watch = StallWatch(limit: loop.services.configuration.streams.stall, now: order.start)
        self.loop = loop
        self.limit = loop.services.configuration.streams.undelivered
        var head = HTTPFields.eventStream(nil)
        head[.contentType] = order.wire.streamType
        for (name, value) in cassette.replayedFields {
            head[name] = value
            reply.fields[name] = nil
        }
        // Without a head nothing is written, and this one never leaves.
        self.outlet = reply.open(head, status: .init(integerLiteral: cassette.status ?? 502))
    }

    func start(now: Nanoseconds) {
        handle = loop.pacer.add(self)
        outlet.delegate = self
        pulse(now: now)
    }

    func warm(_ step: Int) {}

    func pulse(now: Nanoseconds) {
        guard !watch.hasStalled(outlet.progress(), now: now) else {
            leave(.stalled)
            return outlet.abort()
        }
        var next = now + Self.checkTime
        acting: while !hasEnded, outlet.isOpen, outlet.pendingBytes < limit {
            switch player.next(now: now) {
            case .answer: outlet.write { _ in }
            case .write(let bytes): outlet.write { $0.append(contentsOf: bytes) }
            case .wait(let time):
                next = min(next, time)
                break acting
            case .end:
                hasEnded = true
                leave(.whole)
                return outlet.finish { _ in }
            case .reset:
                hasEnded = true
                leave(.broken)
                return outlet.reset()
            case .silence:
                isSilent = true
                // Nothing is written any more that would find it gone.
                guard !hasPeerFinished else { return giveUp() }
                break acting
            }
        }
        guard outlet.isOpen else { return leave(.disconnected) }
        // A write may have found the client gone.
        if handle >= 0 { loop.pacer.wake(handle, at: next) }
    }

    func outletDrained() {
        if handle >= 0 { loop.pacer.wake(handle, at: Pacer.now()) }
    }

    func outletPeerFinishedSending() {
        hasPeerFinished = true
        if isSilent { giveUp() }
    }

    private func giveUp() {
        leave(.disconnected)
        outlet.reset()
    }

    func outletClosed() { leave(.disconnected) }

    private func leave(_ outcome: AnswerOutcome) {
        guard handle >= 0 else { return }
        loop.pacer.remove(handle)
        handle = -1
        outlet.delegate = nil
        onEnd?(outcome)
        onEnd = nil
    }
}

@available(*, unavailable)
extension CassetteReplay: Sendable {}

// SPDX-License-Identifier: Apache-2.0

internal import Metrics
internal import MockModel
internal import Typewriter
internal import Upstream

/// Listens to one transfer, and hands over what it brought when it is over. Lives on the event loop of its call.
///
/// Keeps what it hears in memory, as it came, within what the ``Recorder`` has to give.
final class TransferTap {
    /// What a read needs beside its bytes, and a recording beside its reads.
    private static let readCost = 64
    private static let cost = 4096

    private let recorder: Recorder
    private let start: Nanoseconds
    private var recording: Recording
    private var bodyBytes = 0
    /// Of the recorder's memory.
    private var held = 0
    private var isDropped = false
    private var hasEnded = false

    /// - Parameter start: When the request was sent.
    init(_ recording: Recording, recorder: Recorder, start: Nanoseconds) {
        self.recording = recording
        self.recorder = recorder
        self.start = start
        hold(Self.cost + recording.request.body.count + recording.question.lastUser.utf8.count)
    }

    func received(_ part: TransferPart, now: Nanoseconds) {
        guard !hasEnded, !isDropped else { return }
        switch part {
        case .answered(let head):
            recording.head = head
            recording.headTime = now - start
        case .body(let bytes): append(bytes, at: now - start)
        case .ended(.complete): end(.complete, now: now)
        case .ended(.refused(let reason)): end(.refused, reason, now: now)
        case .ended(.connectTimedOut): end(.refused, "No connection came about in time.", now: now)
        case .ended(.reset(let reason)), .ended(.notHTTP(let reason)): end(.reset, reason, now: now)
        }
    }

    /// The transfer is not needed any more.
    func released(as outcome: CallOutcome, now: Nanoseconds) {
        switch outcome {
        case .timeout: end(.timeout, now: now)
        case .cancelled: end(.cancelled, now: now)
        // What had come ended the answer.
        case .whole, .refused, .failed: end(.complete, now: now)
        }
        guard !isDropped else { return recorder.drop(.memory) }
        recorder.keep(recording, held: held)
        held = 0
    }

    deinit {
        if held > 0 { recorder.giveBack(held) }
    }

    private func append(_ bytes: [UInt8], at time: Nanoseconds) {
        let room = recorder.settings.bytes - bodyBytes
        let kept = bytes.count <= room ? bytes : Array(bytes[..<room])
        guard hold(kept.count + Self.readCost) else { return }
        bodyBytes += kept.count
        if !kept.isEmpty { recording.reads.append(Cassette.Read(time: time, bytes: kept)) }
        if bytes.count > room {
            end(.cut, "The body was longer than \(recorder.settings.bytes) bytes.", now: start + time)
        }
    }

    /// The first end holds.
    private func end(_ ending: Cassette.Ending, _ reason: String? = nil, now: Nanoseconds) {
        guard !hasEnded else { return }
        hasEnded = true
        recording.ending = ending
        recording.reason = reason
        recording.endTime = now - start
    }

    @discardableResult
    private func hold(_ bytes: Int) -> Bool {
        guard recorder.hold(bytes) else {
            recorder.giveBack(held)
            held = 0
            recording.reads = []
            isDropped = true
            return false
        }
        held += bytes
        return true
    }
}

@available(*, unavailable)
extension TransferTap: Sendable {}

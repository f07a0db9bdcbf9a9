// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import Logging
internal import MockModel
internal import NIOPosix
internal import Synchronization
internal import Typewriter
internal import Upstream

/// Turns what upstreams send into files, on a thread of its own: no event loop waits for a disk.
///
/// Any thread may call it. What is not kept is counted, and the log tells.
final class Recorder: Sendable {
    let settings: RecordingSettings
    private let folder: Mutex<RecordingFolder>
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let logger: Logger
    private let count = Atomic<Int>(0)
    private let heldBytes = Atomic<Int>(0)
    private let written = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)

    init(_ settings: RecordingSettings, logger: Logger) throws(RecordingProblem) {
        self.settings = settings
        self.logger = logger
        folder = Mutex(try RecordingFolder(settings))
        pool.start()
    }

    /// Listens to a transfer that is about to begin.
    func tap(
        _ request: TransferRequest,
        to endpoint: UpstreamEndpoint,
        for chat: ChatRequest,
        now: Nanoseconds
    ) -> TransferTap {
        let recording = Recording(
            wallTime: WallClock.nanoseconds(),
            number: count.add(1, ordering: .relaxed).newValue,
            upstream: endpoint.name,
            format: endpoint.format,
            request: request,
            question: RecordedQuestion(chat)
        )
        return TransferTap(recording, recorder: self, start: now)
    }

    // MARK: Memory

    /// Takes `bytes` of the memory that recordings may have; false where there is not so much.
    func hold(_ bytes: Int) -> Bool {
        if heldBytes.add(bytes, ordering: .relaxed).newValue <= settings.pendingBytes { return true }
        giveBack(bytes)
        return false
    }

    func giveBack(_ bytes: Int) {
        heldBytes.subtract(bytes, ordering: .relaxed)
    }

    // MARK: Files

    /// Writes a recording, later.
    /// - Parameter held: The memory that it gives back then.
    func keep(_ recording: Recording, held: Int) {
        pool.submit { [self] _ in
            write(recording)
            giveBack(held)
        }
    }

    private func write(_ recording: Recording) {
        let cassette = recording.cassette
        let text = cassette.write()
        var question = recording.tellableQuestion
        if cassette.isWhole { question.wholeFormat = cassette.format }
        let result = folder.withLock { folder in
            Result { () throws(RecordingProblem) in
                try folder.add(text, as: recording.name, answering: question)
            }
        }
        switch result {
        case .success(let path):
            written.add(1, ordering: .relaxed)
            logger.info("Recorded", metadata: ["file": "\(path)", "upstream": "\(recording.upstream)"])
        case .failure(let problem): drop(problem)
        }
    }

    /// A recording is not kept. The log tells of the first, the second, the fourth, …: a full disk is no reason to fill it.
    func drop(_ problem: RecordingProblem) {
        let count = dropped.add(1, ordering: .relaxed).newValue
        guard count & (count - 1) == 0 else { return }
        logger.warning("Recording dropped", metadata: ["why": "\(problem)", "dropped": "\(count)"])
    }

    /// Writes what there is, and ends.
    func shutDown() async {
        await withCheckedContinuation { continuation in
            pool.submit { _ in continuation.resume() }
        }
        do {
            try await pool.shutdownGracefully()
        } catch {
            logger.error("The recorder did not stop", metadata: ["error": "\(error)"])
        }
        let (written, dropped) = (written.load(ordering: .relaxed), dropped.load(ordering: .relaxed))
        guard dropped > 0 else { return }
        logger.warning("Not all was recorded", metadata: ["written": "\(written)", "dropped": "\(dropped)"])
    }
}

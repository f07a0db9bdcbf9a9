// SPDX-License-Identifier: Apache-2.0

/// What one event loop has counted since it began. Only its loop writes it; who wants all takes a copy from each loop
/// and merges them. What opens on one loop may close on another: only the merged figures of what is open have a sense.
public struct LoopMetrics: Equatable, Sendable {
    public private(set) var connectionsOpen = 0
    /// Connections that did not come through their TLS handshake.
    public private(set) var failedHandshakes = 0
    /// Answers to requests, by HTTP status.
    public private(set) var responses = Tally<Int>()
    /// Streams that are open, by wire format.
    public private(set) var streamsOpen = Tally<String>()
    public private(set) var streamsEnded = Tally<StreamKind>()

    public private(set) var textFrames = 0
    public private(set) var heartbeats = 0
    public private(set) var otherFrames = 0
    /// Bytes written to clients.
    public private(set) var bytesSent = 0
    /// From the request to its first text.
    public private(set) var firstToken = Histogram(.wait)
    /// From when a frame was due to when it was sent.
    public private(set) var lag = Histogram(.lag)
    /// Between two text frames of a stream.
    public private(set) var gap = Histogram(.wait)

    public private(set) var slowDisconnects = 0
    public private(set) var resumes = Tally<ResumeResult>()
    public private(set) var replayedBytes = 0
    /// Resumes at a position whose text was no longer kept.
    public private(set) var trimmedResumes = 0

    /// How long it took to put text into the log that resumes are served from.
    public private(set) var append = Histogram(.append)
    /// That log takes no new stream at this moment.
    public private(set) var isLogDegraded = false
    /// Streams that are waited for while the gateway goes down; none while it does not.
    public private(set) var drainRemaining = 0

    public private(set) var tokensIn = 0
    public private(set) var tokensOut = 0
    /// By the upstream's name.
    public private(set) var upstreams: [String: UpstreamMetrics] = [:]

    public init() {}

    // MARK: Connections and streams

    /// Connections that are open now, as the server counts them.
    public mutating func connections(open: Int) { connectionsOpen = open }

    public mutating func handshakeFailed() { failedHandshakes += 1 }

    public mutating func responded(status: Int) { responses.add(status) }

    /// - Parameter format: The wire format's name.
    public mutating func streamOpened(format: String) { streamsOpen.add(format) }

    /// A stream that was told of with ``streamOpened(format:)`` has ended.
    public mutating func streamEnded(format: String, _ outcome: StreamOutcome) {
        streamsOpen.add(format, -1)
        streamsEnded.add(StreamKind(format: format, outcome: outcome))
    }

    /// Tokens as the usage of an answer tells them.
    public mutating func used(tokensIn: Int, tokensOut: Int) {
        self.tokensIn &+= max(tokensIn, 0)
        self.tokensOut &+= max(tokensOut, 0)
    }

    // MARK: Frames, the way of each token

    /// A frame of text was written.
    /// - Parameters:
    ///   - lag: Nanoseconds since it was due.
    ///   - gap: Nanoseconds since the stream's text frame before; nil for the first.
    @inline(__always)
    public mutating func frameSent(lag: Int64, gap: Int64?) {
        textFrames &+= 1
        self.lag.observe(lag)
        if let gap { self.gap.observe(gap) }
    }

    public mutating func heartbeatSent() { heartbeats &+= 1 }

    /// A frame that is neither text nor a heartbeat: a start, a tool call, usage, an end.
    public mutating func otherFrameSent() { otherFrames &+= 1 }

    /// So many bytes were written to clients, the heads of the answers among them.
    public mutating func wrote(bytes: Int) { bytesSent &+= bytes }

    /// The first text of an answer went out, so many nanoseconds after its request came in.
    public mutating func firstTokenSent(after nanoseconds: Int64) { firstToken.observe(nanoseconds) }

    // MARK: Readers

    /// A client was cut because it took nothing for too long.
    public mutating func slowDisconnected() { slowDisconnects += 1 }

    /// A client came back; `replayed` bytes were sent again at once.
    public mutating func resumed(_ result: ResumeResult, replayed: Int = 0) {
        resumes.add(result)
        replayedBytes &+= replayed
    }

    /// A client was told of text that is no longer kept.
    public mutating func gapTold() { trimmedResumes += 1 }

    // MARK: The log of streams, and the end

    /// Text was put into a stream's log.
    public mutating func appended(in nanoseconds: Int64) { append.observe(nanoseconds) }

    /// How the log stands now, and what the gateway's end waits for; figures of the whole gateway, not of a loop.
    public mutating func state(isLogDegraded: Bool, isDraining: Bool) {
        self.isLogDegraded = isLogDegraded
        drainRemaining = isDraining ? streamsOpen.total : 0
    }

    // MARK: Upstreams

    public mutating func upstreamCallEnded(_ upstream: String, _ outcome: CallOutcome, after nanoseconds: Int64) {
        upstreams[upstream, default: UpstreamMetrics()].callEnded(outcome, after: nanoseconds)
    }

    /// The upstream is asked once more after it failed.
    public mutating func retried(_ upstream: String) { upstreams[upstream, default: UpstreamMetrics()].retries += 1 }

    /// The upstream is asked too, because the one before is still silent.
    public mutating func hedged(_ upstream: String) { upstreams[upstream, default: UpstreamMetrics()].hedges += 1 }

    /// Another target is asked, because this upstream could not answer.
    public mutating func failedOver(from upstream: String) {
        upstreams[upstream, default: UpstreamMetrics()].failovers += 1
    }

    /// The upstream goes on behind the text of another that failed.
    public mutating func continued(at upstream: String) {
        upstreams[upstream, default: UpstreamMetrics()].continuations += 1
    }

    /// A frame of text that came whole was passed on: nothing was due.
    /// - Parameter gap: Nanoseconds since the stream's text frame before; nil for the first.
    @inline(__always)
    public mutating func framePassed(gap: Int64?) {
        textFrames &+= 1
        if let gap { self.gap.observe(gap) }
    }

    // MARK: All loops

    /// Adds what another loop has counted.
    public mutating func merge(_ other: LoopMetrics) {
        connectionsOpen += other.connectionsOpen
        responses.merge(other.responses)
        streamsOpen.merge(other.streamsOpen)
        streamsEnded.merge(other.streamsEnded)
        textFrames &+= other.textFrames
        heartbeats &+= other.heartbeats
        otherFrames &+= other.otherFrames
        bytesSent &+= other.bytesSent
        firstToken.merge(other.firstToken)
        lag.merge(other.lag)
        gap.merge(other.gap)
        failedHandshakes += other.failedHandshakes
        slowDisconnects += other.slowDisconnects
        resumes.merge(other.resumes)
        replayedBytes &+= other.replayedBytes
        trimmedResumes += other.trimmedResumes
        append.merge(other.append)
        isLogDegraded = isLogDegraded || other.isLogDegraded
        drainRemaining += other.drainRemaining
        tokensIn &+= other.tokensIn
        tokensOut &+= other.tokensOut
        for (name, upstream) in other.upstreams { upstreams[name, default: UpstreamMetrics()].merge(upstream) }
    }
}

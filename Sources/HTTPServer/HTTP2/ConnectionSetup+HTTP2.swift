// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP2

extension ConnectionSetup {
    func speakHTTP2() throws {
        let limits = loop.limits
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        let unpackedHead = max(4 * limits.head, 256 << 10)
        // The library ends the connection of who goes beyond: `SettingsSwap` tells the client what is meant.
        connection.initialSettings = [
            // Those that are too many are refused one by one.
            HTTP2Setting(parameter: .maxConcurrentStreams, value: Int(Int32.max)),
            // Up to there a request is answered with 431.
            HTTP2Setting(parameter: .maxHeaderListSize, value: unpackedHead),
        ]
        // A body's last frame may well be empty, and so may one before it.
        connection.maximumSequentialEmptyDataFrames = 8
        connection.maximumBufferedControlFrames = max(256, 4 * limits.http2.streams)
        connection.maximumSequentialContinuationFrames = unpackedHead / Self.frameSize
        // What a client sends on a refused stream, before it knows, is no mistake.
        connection.maximumRecentlyResetStreams = 256
        connection.maximumConnectionGlitches = limits.http2.resets
        connection.controlFrameRateLimit.maximumCount = limits.http2.controlFrames
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.streamResetFrameRateLimit.maximumCount = limits.http2.resets
        stream.streamErrorRateLimit.maximumCount = limits.http2.resets

        let served = HTTP2Connection(channel: channel, loop: loop, facts: facts)
        let frames = NIOHTTP2Handler(
            mode: .server,
            frameDelegate: served,
            connectionConfiguration: connection,
            streamConfiguration: stream
        )
        try channel.pipeline.syncOperations.addHandlers(
            FrameGauge(connection: served),
            SettingsHandler(limits: limits),
            frames,
            served
        )
    }

    /// What a frame of a client holds that has more to say (`SETTINGS_MAX_FRAME_SIZE`).
    private static let frameSize = 16 << 10
}

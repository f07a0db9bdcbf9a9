// SPDX-License-Identifier: Apache-2.0

public import Logging

/// Gives the events of the log to a ``LineWriter``, a line each.
public struct LogfmtHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let writer: LineWriter

    public init(_ writer: LineWriter, level: Logger.Level) {
        self.writer = writer
        self.logLevel = level
    }

    public subscript(metadataKey name: String) -> Logger.Metadata.Value? {
        get { metadata[name] }
        set { metadata[name] = newValue }
    }

    public func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = "\(error)" }
        writer.write(LogLine.render(event.level, event.message.description, all, time: WallClock.nanoseconds()))
    }
}

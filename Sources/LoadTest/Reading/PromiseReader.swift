// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Typewriter

/// Reads the schedule that a typebar promises out of its start frame and of what was asked (chat-stream.md, Parameters).
struct PromiseReader {
    /// Parameters with which gaps are not all alike.
    private static let uneven = ["jitter", "pause", "burst", "cadence"]
    /// The mock's models: their first token has a time of its own. An upstream's comes when it comes.
    private static let mocks: Set<String> = [
        "mock", "echo", "prose", "markdown", "code", "math", "emoji", "chinese", "japanese", "thai", "arabic", "long",
    ]
    private static let defaultFirstToken = 300.0
    private static let mostFirstToken = 60_000.0

    private let request: String

    init(_ target: Target) {
        request = target.path + " " + String(decoding: target.body ?? [], as: UTF8.self)
    }

    /// Nil where there is no constant pace.
    /// - Parameter start: The data of the start frame.
    func cadence(_ start: [UInt8]) -> PromisedCadence? {
        guard !Self.uneven.contains(where: request.contains) else { return nil }
        let json: JSONValue
        do {
            json = try JSONReader.read(start)
        } catch {
            return nil
        }
        guard json["resumed"] == .bool(false), let rate = json["rate"]?.double, rate >= 0.1, rate <= 10_000 else {
            return nil
        }
        let model = json["model"]?.text ?? ""
        let isMock = Self.mocks.contains(model) || model.hasPrefix("mock/")
        let first = askedFirstToken ?? (isMock ? Self.defaultFirstToken : nil)
        return PromisedCadence(
            firstToken: first.map { Nanoseconds($0 * Double(Nanoseconds.millisecond)) },
            gap: Nanoseconds(Double(Nanoseconds.second) / rate)
        )
    }

    /// In milliseconds: `ttft=500` in the query or the model's name, `"ttft":500` in a body.
    private var askedFirstToken: Double? {
        for tail in request.split(separator: "ttft", omittingEmptySubsequences: false).dropFirst() {
            let value = tail.drop { "=\": ".contains($0) }
            let bare = value.hasPrefix("%3D") ? value.dropFirst(3) : value
            let digits = bare.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            if let time = Double(digits), (0...Self.mostFirstToken).contains(time) { return time }
        }
        return nil
    }
}

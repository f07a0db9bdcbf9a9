// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials
internal import Upstream

/// Which server `typebar admin` speaks to.
struct AdminTarget: ParsableArguments {
    @Option(help: "The server's address.")
    var url = "http://127.0.0.1:8080"

    @Option(help: "The environment variable that holds the server's admin key.")
    var keyEnv = "TYPEBAR_ADMIN_KEY"

    @Option(help: "A file of certificates to trust in the place of the system's.")
    var caFile: String?

    /// Makes one call and prints what it answers.
    /// - Parameter file: What is sent; nil sends nothing.
    func show(_ method: String, _ target: String, file: String? = nil) throws {
        var body: [UInt8]?
        if let file {
            do {
                body = Array(try Data(contentsOf: URL(filePath: file)))
            } catch {
                Output.error("\(file): cannot be read. Is the path right?")
                throw ExitStatus.configuration
            }
        } else if method == "POST" {
            body = []
        }
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let call = PlainCall(
            method: method,
            url: base + target,
            bearer: ConfigurationSource.environment[keyEnv],
            body: body,
            caFile: caFile
        )
        let answer: PlainCall.Answer
        do {
            answer = try call.perform()
        } catch {
            Output.error(error.description)
            throw ExitStatus.unavailable
        }
        let text = String(decoding: answer.body, as: UTF8.self)
        guard (200...299).contains(answer.status) else {
            Output.error("the server answers \(answer.status): \(text)")
            throw ExitStatus.unavailable
        }
        if !text.isEmpty { print(text) }
    }

    /// `text` as a segment of a path or a value of a query.
    static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { out, byte in
            let isPlain = byte.isPlainInURL
            out += isPlain ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}

extension UInt8 {
    /// Unreserved in RFC 3986.
    fileprivate var isPlainInURL: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CPCRE

/// A regular expression (PCRE2, in UTF mode), compiled once. Whatever the expression, a search is bounded.
final class Pattern: Sendable {
    /// Why an expression cannot be used.
    struct Malformed: Error, Equatable {
        let message: String
    }

    enum Outcome {
        case match
        case noMatch
        /// The search took too long, so nobody knows.
        case tooManySteps
    }

    /// Bytes of an expression.
    static let maximumLength = 16384

    let text: String
    let ignoresCase: Bool
    // The compiler cannot know that PCRE2 only reads compiled code, from as many threads as there are (pcre2api,
    // "Multithreading"). Nothing writes to it between `init` and `deinit`.
    nonisolated(unsafe) private let code: OpaquePointer
    private let isJIT: Bool
    /// The same expression without callouts, some ten times as fast; only where its searches are bounded anyway. Shared
    /// between threads as `code` is: written in `init`, only read until `deinit`.
    nonisolated(unsafe) private let plainCode: OpaquePointer?
    /// Steps of a search with `plainCode`, for each byte.
    private let plainCost: Int

    init(_ text: String, ignoresCase: Bool) throws(Malformed) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumLength else {
            throw Malformed(message: "has to be \(Self.maximumLength) bytes or shorter")
        }
        var options = UInt32(PCRE2_UTF) | UInt32(PCRE2_UCP) | UInt32(PCRE2_NEVER_BACKSLASH_C)
        if ignoresCase { options |= UInt32(PCRE2_CASELESS) }
        var failure: Int32 = 0
        var offset = 0
        // Each step of a search calls us, and we count.
        let counted = options | UInt32(PCRE2_AUTO_CALLOUT)
        guard let code = pcre2_compile_8(bytes, bytes.count, counted, &failure, &offset, nil) else {
            throw Malformed(message: "is no regular expression: \(Self.words(failure)), at byte \(offset)")
        }
        self.text = text
        self.ignoresCase = ignoresCase
        self.code = code
        isJIT = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE)) == 0
        let cost = isJIT ? SearchCost.perByte(of: text) : nil
        plainCost = cost ?? 0
        plainCode = cost.flatMap { _ in Self.compilePlain(bytes, options) }
    }

    private static func compilePlain(_ bytes: [UInt8], _ options: UInt32) -> OpaquePointer? {
        var failure: Int32 = 0
        var offset = 0
        guard let code = pcre2_compile_8(bytes, bytes.count, options, &failure, &offset, nil) else { return nil }
        if pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE)) == 0 { return code }
        pcre2_code_free_8(code)
        return nil
    }

    deinit {
        pcre2_code_free_8(code)
        pcre2_code_free_8(plainCode)
    }

    /// Searches `subject`, which is valid UTF-8.
    func search(_ subject: borrowing [UInt8], scratch: PatternScratch) -> Outcome {
        guard let match = scratch.match, let context = scratch.context else { return .tooManySteps }
        let count = subject.count
        let result = subject.withUnsafeBufferPointer { bytes in
            let options = UInt32(PCRE2_NO_UTF_CHECK)
            let start = bytes.baseAddress
            if let plainCode, scratch.grantsPlain(bytes: count, steps: plainCost) {
                let result = pcre2_jit_match_8(plainCode, start, count, 0, options, match, context)
                if result >= 0 || result == PCRE2_ERROR_NOMATCH { return result }
            }
            scratch.start()
            var result = PCRE2_ERROR_JIT_STACKLIMIT
            if isJIT { result = pcre2_jit_match_8(code, start, count, 0, options, match, context) }
            // The interpreter keeps its state on the heap, so it gets further.
            guard result == PCRE2_ERROR_JIT_STACKLIMIT else { return result }
            return pcre2_match_8(code, start, count, 0, options | UInt32(PCRE2_NO_JIT), match, context)
        }
        return result >= 0 ? .match : result == PCRE2_ERROR_NOMATCH ? .noMatch : .tooManySteps
    }

    private static func words(_ failure: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(failure, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import CPCRE

/// The memory that searches for patterns need, one after the other, and what they may cost.
///
/// PCRE2's own limits count anew at each place where a match may begin, so a long text can be searched for ever. We
/// count through its callouts instead: one for each step, and a part for each byte it has moved.
final class PatternScratch {
    /// Steps of one search: a few milliseconds.
    private static let searchBudget = 1_000_000
    /// Steps of all searches for one request.
    private static let requestBudget = 10_000_000
    /// Bytes that are passed over in about the time of one step.
    private static let bytesPerStep = 16
    /// Steps of one search without callouts, as its expression tells them beforehand: each a nanosecond or less.
    private static let plainSearchBudget = 20_000_000
    /// Steps of all such searches for one request.
    private static let plainRequestBudget = 500_000_000
    private static let heapKibibytes: UInt32 = 16384

    private struct Meter {
        var remaining = 0
        var position = 0
    }

    let match: OpaquePointer?
    let context: OpaquePointer?
    private let meter: UnsafeMutablePointer<Meter>
    private var remaining = PatternScratch.requestBudget
    private var granted = 0
    private var plainRemaining = PatternScratch.plainRequestBudget

    init() {
        match = pcre2_match_data_create_8(1, nil)
        context = pcre2_match_context_create_8(nil)
        meter = .allocate(capacity: 1)
        meter.initialize(to: Meter())
        guard let context else { return }
        pcre2_set_heap_limit_8(context, Self.heapKibibytes)
        pcre2_set_callout_8(context, Self.count, meter)
    }

    deinit {
        pcre2_match_data_free_8(match)
        pcre2_match_context_free_8(context)
        meter.deallocate()
    }

    /// Whether a search without callouts is short enough, at so many steps for each byte at most; pays for it.
    func grantsPlain(bytes: Int, steps: Int) -> Bool {
        let (cost, isTooLarge) = (bytes + 1).multipliedReportingOverflow(by: steps)
        guard !isTooLarge, cost <= min(Self.plainSearchBudget, plainRemaining) else { return false }
        plainRemaining -= cost
        return true
    }

    /// Begins a search with callouts.
    func start() {
        remaining -= granted - max(0, meter.pointee.remaining)
        granted = min(Self.searchBudget, remaining)
        meter.pointee = Meter(remaining: granted, position: 0)
    }

    private static let count:
        @convention(c) (UnsafeMutablePointer<pcre2_callout_block_8>?, UnsafeMutableRawPointer?)
            -> Int32 = { block, data in
                guard let block, let data else { return 0 }
                let meter = data.assumingMemoryBound(to: Meter.self)
                let position = block.pointee.current_position
                let way = position > meter.pointee.position ? position - meter.pointee.position : 0
                meter.pointee.position = position
                meter.pointee.remaining -= 1 + way / bytesPerStep
                return meter.pointee.remaining > 0 ? 0 : PCRE2_ERROR_MATCHLIMIT
            }
}

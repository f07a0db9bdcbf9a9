// SPDX-License-Identifier: Apache-2.0

/// The records of all targets, and which endpoints are down.
///
/// Names of models can come from requests, so records that rest are thrown away when there are too many. Those with
/// requests under way stay; there are no more of them than streams.
struct TargetRecords: Sendable {
    struct Key: Hashable, Sendable {
        /// Nil is the mock.
        let endpoint: String?
        let model: String

        init(_ target: CallTarget) {
            endpoint = target.endpoint?.name
            model = target.model
        }
    }

    /// Records that are kept whether or not they are in use.
    static let most = 4_096

    private(set) var records: [Key: TargetRecord] = [:]
    var endpointsDown: Set<String> = []
    /// So many are worth another look for some that rest.
    private var full = most

    subscript(target: CallTarget) -> TargetRecord? { records[Key(target)] }

    /// Whether `target` may be asked now.
    func admits(_ target: CallTarget, now: Int64) -> Bool {
        guard let endpoint = target.endpoint else { return true }
        guard !endpointsDown.contains(endpoint.name) else { return false }
        // Other settings than the record's begin with a closed breaker.
        guard let breaker = self[target]?.breaker, breaker.settings == endpoint.breaker else { return true }
        return breaker.admits(now: now)
    }

    /// A request to `target` begins.
    /// - Returns: Its number among those to the same target.
    mutating func began(_ target: CallTarget, now: Int64) -> Int {
        let key = Key(target)
        if records[key] == nil { makeRoom() }
        return records[key, default: TargetRecord()].began(target.endpoint?.breaker, now: now)
    }

    /// Changes the record of `target`, if there is one.
    mutating func update(_ target: CallTarget, _ change: (inout TargetRecord) -> Void) {
        let key = Key(target)
        guard let index = records.index(forKey: key) else { return }
        change(&records.values[index])
    }

    /// Half of those that rest go, the longest unused first: rarely, so that a flood of names costs little each.
    private mutating func makeRoom() {
        guard records.count >= full else { return }
        let resting = records.filter { $0.value.inFlight == 0 }.sorted { $0.value.lastUse < $1.value.lastUse }
        for (key, _) in resting.prefix((resting.count + 1) / 2) { records[key] = nil }
        full = max(Self.most, records.count + records.count / 2)
    }
}

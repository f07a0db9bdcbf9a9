// SPDX-License-Identifier: Apache-2.0

/// Where streams run: in each place a connection, and what is known of the stream on it. The three arrays have room for all
/// that there may be from the start, so nothing ever moves; memory that is not used yet is not there either.
struct Places: ~Copyable {
    let connections: UnsafeMutablePointer<Connection>
    let streams: UnsafeMutablePointer<StreamState>
    let responses: UnsafeMutablePointer<ResponseState>
    /// The most connections.
    let capacity: Int
    /// Places from 0 that have ever been used.
    private(set) var used = 0
    /// Without a connection, but used before.
    private var vacant: [Int32] = []
    /// The last one that became idle, of each target: the one whose caches are warm, and whose server waits the shortest.
    private var idle: [Int32]

    init(capacity: Int, targets: Int) {
        self.capacity = capacity
        // One more than there are connections: for requests that cannot have one.
        connections = .allocate(capacity: capacity + 1)
        streams = .allocate(capacity: capacity + 1)
        responses = .allocate(capacity: capacity + 1)
        idle = Array(repeating: -1, count: targets)
        initialize(nowhere)
    }

    deinit {
        for place in 0..<used { (responses + place).deinitialize(count: 1) }
        (responses + capacity).deinitialize(count: 1)
        connections.deallocate()
        streams.deallocate()
        responses.deallocate()
    }

    /// The place of a request for which there is no connection: it ends there at once.
    var nowhere: Int { capacity }

    /// A place for a request: with an idle connection of the target where there is one, else without; nil: all are taken.
    mutating func take(target: Int) -> Int? {
        takeIdle(target: target) ?? takeVacant()
    }

    /// A place without a connection; nil: there is none left.
    mutating func takeVacant() -> Int? {
        if let place = vacant.popLast() { return Int(place) }
        guard used < capacity else { return nil }
        initialize(used)
        used += 1
        return used - 1
    }

    /// A connection that waits for a request of the target, no longer in the pool.
    mutating func takeIdle(target: Int) -> Int? {
        guard idle[target] >= 0 else { return nil }
        let place = Int(idle[target])
        leavePool(place)
        return place
    }

    /// Puts a connection into the pool of its target.
    mutating func rest(_ place: Int) {
        let target = Int(connections[place].target)
        connections[place].phase = .idle
        connections[place].previous = -1
        connections[place].next = idle[target]
        if idle[target] >= 0 { connections[Int(idle[target])].previous = Int32(place) }
        idle[target] = Int32(place)
    }

    /// Takes an idle connection out of the pool.
    mutating func leavePool(_ place: Int) {
        let (previous, next) = (connections[place].previous, connections[place].next)
        if previous >= 0 {
            connections[Int(previous)].next = next
        } else {
            idle[Int(connections[place].target)] = next
        }
        if next >= 0 { connections[Int(next)].previous = previous }
    }

    /// The place has no connection any more.
    mutating func vacate(_ place: Int) {
        vacant.append(Int32(place))
    }

    private func initialize(_ place: Int) {
        (connections + place).initialize(to: Connection())
        (streams + place).initialize(to: StreamState())
        (responses + place).initialize(to: ResponseState())
    }
}

// SPDX-License-Identifier: Apache-2.0

/// Whether this machine can hold a load, before it begins: nobody wants to learn it from the figures.
public struct Preflight: Equatable, Sendable {
    /// For files, pipes, timers, and what the system's name resolver opens.
    static let reserve = 100
    /// What a stream costs: the kernel's socket with its buffers while they are nearly empty, and our own state.
    static let kernelBytes = 16 * 1024
    static let ownBytes = 1024
    /// Finding a free port takes long where nearly all are taken.
    static let usablePorts = 0.9

    /// Streams at once, of all processes; nil where the plan does not bound them, and nothing can be said.
    let streams: Int?
    let processes: Int
    let targets: [Target]

    /// Checks what a plan needs, and raises this process's limit of descriptors as far as it goes.
    /// - Parameters:
    ///   - plan: The whole of it, not a share.
    ///   - processes: That share the streams.
    public static func check(_ plan: LoadPlan, processes: Int = 1) throws(LoadFailure) {
        try Preflight(plan, processes: processes).check(in: .current())
    }

    init(_ plan: LoadPlan, processes: Int) {
        let streams: Int? =
            switch plan.arrivals {
            case .closed(let concurrency, _): max(concurrency, plan.targets.count)
            case .open(let schedule): plan.maxConcurrency.map { min($0, schedule.times.count) }
            }
        // Those of HTTP/2 share connections, and these are what costs.
        self.streams = streams.map(plan.connections)
        self.processes = max(processes, 1)
        targets = plan.targets
    }

    /// Throws the first want, in words that say what to set.
    func check(in surroundings: Surroundings) throws(LoadFailure) {
        guard let streams else { return }
        try checkDescriptors(streams, surroundings.descriptors)
        try checkPorts(streams, surroundings.ports)
        if let memory = surroundings.memory { try checkMemory(streams, memory) }
    }

    private func checkDescriptors(_ streams: Int, _ limit: Int) throws(LoadFailure) {
        let needed = (streams - 1) / processes + 1 + Self.reserve
        guard needed > limit else { return }
        let each = max(limit - Self.reserve, 1)
        throw LoadFailure(
            description: """
                \(streams) streams need \(needed) descriptors in a process, and it may have \(limit): give \
                --processes \((streams - 1) / each + 1), or raise the hard limit (ulimit -Hn \(needed) as root, or \
                LimitNOFILE=\(needed) of the service)
                """
        )
    }

    /// A loopback server is asked from many addresses over plain HTTP/1.1, and from one else.
    private func checkPorts(_ streams: Int, _ ports: Int) throws(LoadFailure) {
        let most = Int(Double(ports) * Self.usablePorts)
        let isPlain = !targets.contains { $0.isSecure || $0.usesHTTP2 }
        for target in targets where !(target.isLoopback && isPlain) {
            let servers = Set(targets.map { "\($0.host) \($0.port)" }).count
            let needed = (streams - 1) / max(servers, 1) + 1
            guard needed > most else { continue }
            throw LoadFailure(
                description: """
                    \(needed) streams to \(target.authority) need as many ports of this machine, and it has \(ports) to \
                    one server: set net.ipv4.ip_local_port_range="1024 65535", or load it from several machines
                    """
            )
        }
    }

    private func checkMemory(_ streams: Int, _ available: Int) throws(LoadFailure) {
        // On the loopback, the server's end is in the same memory.
        let ends = targets.contains(where: \.isLoopback) ? 2 : 1
        let needed = streams * (Self.kernelBytes * ends + Self.ownBytes)
        guard needed > available / 10 * 9 else { return }
        throw LoadFailure(
            description: """
                \(streams) streams need about \(needed >> 20) MB for their sockets, and \(available >> 20) MB are free: \
                take fewer streams, or a larger machine
                """
        )
    }
}

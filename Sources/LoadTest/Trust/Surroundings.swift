// SPDX-License-Identifier: Apache-2.0

/// What the system allows a process, as far as a load needs it.
struct Surroundings: Equatable, Sendable {
    /// The hard limit of open descriptors: ``current()`` raises the soft one to it.
    var descriptors = 1024
    /// For connections from one address to one server.
    var ports = 28_232
    /// In bytes; nil where the system does not tell.
    var memory: Int?

    /// As they are, with the limit of descriptors raised as far as it goes.
    static func current() -> Surroundings {
        var surroundings = Surroundings()
        if let limit = DescriptorBudget.raise() { surroundings.descriptors = limit }
        if let ports = Self.ports(SystemFile.text(of: "/proc/sys/net/ipv4/ip_local_port_range")) {
            surroundings.ports = ports
        }
        surroundings.memory = Self.memory(SystemFile.text(of: "/proc/meminfo"))
        return surroundings
    }

    /// Of `32768	60999`.
    static func ports(_ text: String) -> Int? {
        let ends = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard ends.count == 2, ends[0] <= ends[1] else { return nil }
        return ends[1] - ends[0] + 1
    }

    /// In bytes, of `MemAvailable:   24024316 kB` among others.
    static func memory(_ text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
}

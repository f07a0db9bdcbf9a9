// SPDX-License-Identifier: Apache-2.0

extension TrustSignals {
    /// Adds the signals of another process of the same run. What is of the machine both have seen, and counts once.
    public mutating func merge(_ other: TrustSignals) {
        for delay in Self.delays { self[keyPath: delay.member].merge(other[keyPath: delay.member]) }
        cpuSeconds += other.cpuSeconds
        waitSeconds += other.waitSeconds
        wallSeconds += other.wallSeconds
        stolenSeconds = max(stolenSeconds, other.stolenSeconds)
        sharedContents &+= other.sharedContents
        contents &+= other.contents
        collapsedSegments = max(collapsedSegments, other.collapsedSegments)
        retransmits = max(retransmits, other.retransmits)
        listenDrops = max(listenDrops, other.listenDrops)
        clockSteps = max(clockSteps, other.clockSteps)
        lacksKernelStamps = lacksKernelStamps || other.lacksKernelStamps
        processes &+= other.processes
    }
}

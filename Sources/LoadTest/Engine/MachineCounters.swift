// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Typewriter

/// What the system has counted so far, of the calling thread and of the machine.
struct MachineCounters {
    let time: Nanoseconds
    /// Of the processor that the thread has used, and that it would have used had a core been free.
    let used: Nanoseconds
    let waited: Nanoseconds
    /// In the kernel's ticks, all cores.
    let stolenTicks: Int
    let collapsedSegments: Int
    /// Without the probes by which a sender asks for an acknowledgement that is late: those lose nothing.
    let retransmits: Int
    let listenDrops: Int

    /// Reads them now: some tenths of a millisecond.
    static func read() -> MachineCounters {
        let schedule = SystemFile.text(of: "/proc/thread-self/schedstat").split(whereSeparator: \.isWhitespace)
        let stack = SystemFile.text(of: "/proc/net/netstat")
        var processor = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &processor)
        return MachineCounters(
            time: KernelClock.now(),
            used: Nanoseconds(processor.tv_sec) * .second + Nanoseconds(processor.tv_nsec),
            waited: schedule.count > 1 ? Nanoseconds(schedule[1]) ?? 0 : 0,
            stolenTicks: ProcText.value(7, of: "cpu", in: SystemFile.text(of: "/proc/stat")),
            collapsedSegments: ProcText.counter("TCPRcvCollapsed", of: "TcpExt:", in: stack),
            retransmits: ProcText.counter("RetransSegs", of: "Tcp:", in: SystemFile.text(of: "/proc/net/snmp"))
                - ProcText.counter("TCPLossProbes", of: "TcpExt:", in: stack),
            listenDrops: ProcText.counter("ListenDrops", of: "TcpExt:", in: stack)
        )
    }

    /// Puts what has happened from `start` to this into the signals.
    func tell(since start: MachineCounters, _ signals: inout TrustSignals) {
        let seconds = Double(Nanoseconds.second)
        signals.wallSeconds = Double(time - start.time) / seconds
        signals.cpuSeconds = Double(used - start.used) / seconds
        signals.waitSeconds = Double(waited - start.waited) / seconds
        signals.stolenSeconds = Double(stolenTicks - start.stolenTicks) / Double(max(1, sysconf(CInt(_SC_CLK_TCK))))
        signals.collapsedSegments = collapsedSegments - start.collapsedSegments
        signals.retransmits = max(0, retransmits - start.retransmits)
        signals.listenDrops = listenDrops - start.listenDrops
    }
}

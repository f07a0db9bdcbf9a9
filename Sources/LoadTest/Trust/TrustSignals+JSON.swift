// SPDX-License-Identifier: Apache-2.0

internal import JSON

extension TrustSignals {
    static var delays: [(name: String, member: WritableKeyPath<TrustSignals, Distribution>)] {
        [
            ("kernel_to_user", \.kernelToUser), ("send_lag", \.sendLag), ("timer_lag", \.timerLag),
            ("loop_lag", \.loopLag),
        ]
    }

    private static var amounts: [(name: String, member: WritableKeyPath<TrustSignals, Double>)] {
        [
            ("cpu_seconds", \.cpuSeconds), ("wait_seconds", \.waitSeconds), ("stolen_seconds", \.stolenSeconds),
            ("wall_seconds", \.wallSeconds),
        ]
    }

    private static var counts: [(name: String, member: WritableKeyPath<TrustSignals, Int>)] {
        [
            ("shared_contents", \.sharedContents), ("contents", \.contents),
            ("collapsed_segments", \.collapsedSegments), ("retransmits", \.retransmits),
            ("listen_drops", \.listenDrops), ("clock_steps", \.clockSteps), ("processes", \.processes),
        ]
    }

    /// Writes an object.
    func appendJSON(to text: inout JSONText) {
        text.object { text in
            for amount in Self.amounts {
                text.name(amount.name)
                text.number(self[keyPath: amount.member])
            }
            for count in Self.counts { text.member(count.name, self[keyPath: count.member]) }
            text.member("lacks_kernel_stamps", lacksKernelStamps)
            // Not every engine has it, nor has every report that was ever written.
            for delay in Self.delays where delay.name != "loop_lag" || !loopLag.isEmpty {
                text.name(delay.name)
                self[keyPath: delay.member].appendJSON(to: &text, unit: .milliseconds)
            }
        }
    }

    init(_ field: RecordField) throws(RecordProblem) {
        self.init()
        for amount in Self.amounts { self[keyPath: amount.member] = try field.amount(amount.name) }
        for count in Self.counts { self[keyPath: count.member] = try field.count(count.name) }
        lacksKernelStamps = try field.bool("lacks_kernel_stamps")
        for delay in Self.delays where delay.name != "loop_lag" || field.value["loop_lag"] != nil {
            self[keyPath: delay.member] = try Distribution(field.member(delay.name), unit: .milliseconds)
        }
    }
}

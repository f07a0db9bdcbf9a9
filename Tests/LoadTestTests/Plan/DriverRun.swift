// SPDX-License-Identifier: Apache-2.0

import Typewriter

@testable import LoadTest

/// Plays a driver against a server whose answers take a given time.
struct DriverRun {
    struct Event: Equatable {
        var order: StartOrder
        var begun: Nanoseconds
    }

    private(set) var events: [Event] = []
    private(set) var mostRunning = 0
    private(set) var driver: LoadDriver

    /// - Parameter answer: How long the answer to an order takes.
    init(_ plan: LoadPlan, until end: Nanoseconds = 1000 * .second, answer: (StartOrder) -> Nanoseconds) {
        driver = LoadDriver(plan)
        var running: [(ends: Nanoseconds, target: Int)] = []
        var now: Nanoseconds = 0
        while now <= end {
            while let order = driver.next(at: now) {
                events.append(Event(order: order, begun: now))
                running.append((now + answer(order), order.target))
            }
            mostRunning = max(mostRunning, running.count)
            if running.isEmpty, driver.isExhausted(at: now) { break }
            let times = running.map(\.ends) + [driver.wakesAt].compactMap { $0 }.filter { $0 > now }
            guard let next = times.min() else { break }
            now = max(next, now)
            for index in running.indices.reversed() where running[index].ends <= now {
                driver.ended(target: running.remove(at: index).target, at: now)
            }
        }
    }

    var orders: [StartOrder] { events.map(\.order) }

    var measured: [StartOrder] { orders.filter { !$0.isWarmUp } }

    func count(target: Int) -> Int { measured.count { $0.target == target } }
}

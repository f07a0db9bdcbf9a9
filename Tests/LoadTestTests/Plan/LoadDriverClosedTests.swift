// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct LoadDriverClosedTests {
    @Test func `a place asks again when its answer is there`() {
        let plan = LoadPlan.test(.closed(concurrency: 2, ramp: 0)) { $0.requests = 5 }
        let run = DriverRun(plan) { _ in 10 }
        #expect(run.orders.map(\.planned) == [0, 0, 10, 10, 20])
        #expect(run.orders.map(\.number) == [0, 1, 2, 3, 4])
        #expect(run.mostRunning == 2)
        #expect(run.driver.mostAtOnce == 2)
        #expect(run.driver.cutsAt == nil)
    }

    @Test func `the first requests are spread over the ramp`() {
        let plan = LoadPlan.test(.closed(concurrency: 4, ramp: 400)) { $0.requests = 4 }
        let run = DriverRun(plan) { _ in 1000 }
        #expect(run.events.map(\.begun) == [0, 100, 200, 300])
    }

    @Test func `a place that is free does not wait for the ramp's end`() {
        let plan = LoadPlan.test(.closed(concurrency: 2, ramp: 200)) { $0.requests = 4 }
        let run = DriverRun(plan) { _ in 30 }
        #expect(run.orders.map(\.planned) == [0, 30, 60, 90])
    }

    @Test func `the time is counted from behind the warm-up, and the drain from its end`() {
        let plan = LoadPlan.test(.closed(concurrency: 1, ramp: 0)) {
            $0.warmUp = .requests(2)
            $0.duration = 35
            $0.drain = 7
        }
        let run = DriverRun(plan) { _ in 10 }
        #expect(run.orders.map(\.isWarmUp) == [true, true, false, false, false, false])
        #expect(run.measured.map(\.planned) == [20, 30, 40, 50])
        #expect(run.driver.cutsAt == 62)
        #expect(run.driver.plannedCounts == [4])
    }

    @Test func `a warm-up of time leaves out what was planned in it`() {
        let plan = LoadPlan.test(.closed(concurrency: 1, ramp: 0)) {
            $0.warmUp = .time(25)
            $0.requests = 2
        }
        let run = DriverRun(plan) { _ in 10 }
        #expect(run.orders.map(\.isWarmUp) == [true, true, true, false, false])
    }

    @Test func `until its warm-up is over, a run has no end`() {
        let plan = LoadPlan.test(.closed(concurrency: 1, ramp: 0)) {
            $0.warmUp = .requests(1)
            $0.duration = 5
        }
        var driver = LoadDriver(plan)
        #expect(driver.next(at: 0)?.isWarmUp == true)
        #expect(driver.cutsAt == nil)
        #expect(!driver.isExhausted(at: 1_000_000))
    }

    @Test func `a slow target does not take the other's places`() {
        let plan = LoadPlan.test(targets: 2, .closed(concurrency: 4, ramp: 0)) { $0.duration = 1000 }
        let run = DriverRun(plan) { $0.target == 0 ? 10 : 100 }
        #expect(run.count(target: 0) == 200)
        #expect(run.count(target: 1) == 20)
    }

    @Test func `two targets have a place each, though only one is asked for`() {
        let plan = LoadPlan.test(targets: 2, .closed(concurrency: 1, ramp: 0)) { $0.requests = 6 }
        let run = DriverRun(plan) { _ in 10 }
        #expect((run.count(target: 0), run.count(target: 1)) == (3, 3))
        #expect(run.mostRunning == 2)
    }

    @Test func `all shares together begin what the plan asks for, and have its places`() {
        var dice = Dice(seed: 5)
        for _ in 0..<400 {
            let targets = Int.random(in: 1...2, using: &dice)
            let concurrency = Int.random(in: 1...20, using: &dice)
            let requests = Int.random(in: 0...60, using: &dice)
            let warmUps = Int.random(in: 0...9, using: &dice)
            let shares = Int.random(in: 1...6, using: &dice)
            let ramp = Nanoseconds.random(in: 0...100, using: &dice)
            var numbers: Set<Int> = []
            var (begun, places, measured) = (0, 0, [0, 0])
            for index in 0..<shares {
                let plan = LoadPlan.test(targets: targets, .closed(concurrency: concurrency, ramp: ramp)) {
                    $0.requests = requests
                    $0.warmUp = .requests(warmUps)
                    $0.share = (index, shares)
                }
                let run = DriverRun(plan) { _ in Nanoseconds.random(in: 1...50, using: &dice) }
                #expect(run.driver.isExhausted(at: 0))
                #expect(run.orders.allSatisfy { $0.number % shares == index })
                #expect(run.mostRunning <= run.driver.mostAtOnce ?? 0)
                numbers.formUnion(run.orders.map(\.number))
                begun += run.orders.count
                places += run.driver.mostAtOnce ?? 0
                for target in 0..<2 { measured[target] += run.count(target: target) }
            }
            #expect(numbers.count == begun)
            #expect(begun == requests + warmUps)
            #expect(places == max(concurrency, targets))
            #expect(measured[0] + measured[1] == requests)
            if targets == 2 { #expect((0...1).contains(measured[0] - measured[1])) }
        }
    }
}

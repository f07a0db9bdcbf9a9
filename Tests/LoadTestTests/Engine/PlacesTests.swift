// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LoadTest

struct PlacesTests {
    @Test func `there are as many places as said, and one that has no connection`() {
        var places = Places(capacity: 2, targets: 1)
        #expect(places.take(target: 0) == 0)
        #expect(places.take(target: 0) == 1)
        #expect(places.take(target: 0) == nil)
        #expect(places.nowhere == 2)
        places.vacate(0)
        #expect(places.take(target: 0) == 0)
        #expect(places.used == 2)
    }

    @Test func `an idle connection serves its own target, the last one first`() {
        var places = Places(capacity: 8, targets: 2)
        for target in [0, 0, 1] {
            let place = places.takeVacant() ?? -1
            places.connections[place].target = Int32(target)
            places.rest(place)
        }
        #expect(places.take(target: 1) == 2)
        #expect(places.take(target: 1) == 3)
        #expect(places.take(target: 0) == 1)
        #expect(places.take(target: 0) == 0)
        #expect(places.takeIdle(target: 0) == nil)
    }

    @Test func `whatever comes and goes, no place is given twice`() {
        var dice = Dice(seed: 5)
        var places = Places(capacity: 20, targets: 2)
        var taken: Set<Int> = []
        var idle: Set<Int> = []
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<4, using: &dice) {
            case 0, 1:
                let target = Int.random(in: 0..<2, using: &dice)
                guard let place = places.take(target: target) else { continue }
                #expect(taken.insert(place).inserted)
                if idle.remove(place) != nil { #expect(places.connections[place].target == target) }
                places.connections[place].target = Int32(target)
            case 2:
                guard let place = taken.randomElement(using: &dice) else { continue }
                taken.remove(place)
                if Bool.random(using: &dice) {
                    places.rest(place)
                    idle.insert(place)
                } else {
                    places.vacate(place)
                }
            default:
                guard let place = idle.randomElement(using: &dice) else { continue }
                idle.remove(place)
                places.leavePool(place)
                places.vacate(place)
            }
        }
        #expect(places.used <= 20)
    }
}

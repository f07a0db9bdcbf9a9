// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Typewriter

@testable import LoadTest

struct DistributionDistanceTests {
    @Test func `equal distributions are no distance apart, and strangers all of it`() {
        let (near, far) = (distribution(1...100), distribution(1001...1100))
        #expect(DistributionDistance(near, near, samples: (100, 100)).value == 0)
        #expect(DistributionDistance(near, far, samples: (100, 100)).value == 1)
        #expect(DistributionDistance(near, Distribution(), samples: (100, 0)).value == 1)
        #expect(DistributionDistance(Distribution(), Distribution(), samples: (0, 0)).value == 0)
    }

    @Test func `a shift by a quarter is a distance of a quarter`() {
        let distance = DistributionDistance(distribution(1...100), distribution(26...125), samples: (100, 100))
        #expect((distance.value - 0.25).magnitude < 1e-9)
        #expect(distance.exceedsChance)
    }

    @Test func `draws from one distribution seldom seem to be of two`() {
        var dice = Dice(seed: 11)
        var alarms = 0
        for _ in 0..<200 {
            let pair = [0, 1].map { _ in
                distribution((0..<200).map { _ in Int.random(in: 1100...1300, using: &dice) })
            }
            if DistributionDistance(pair[0], pair[1], samples: (200, 200)).exceedsChance { alarms += 1 }
        }
        #expect(alarms <= 7)
    }

    private func distribution(_ milliseconds: some Sequence<Int>) -> Distribution {
        var distribution = Distribution()
        for value in milliseconds { distribution.record(Nanoseconds(value) * .millisecond) }
        return distribution
    }
}

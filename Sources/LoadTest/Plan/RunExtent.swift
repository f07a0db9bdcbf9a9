// SPDX-License-Identifier: Apache-2.0

public import Typewriter

/// How long a run is to be.
public struct RunExtent: Equatable, Sendable {
    /// More than anybody waits for; and sums of such counts do not overflow.
    public static let mostRequests = 1_000_000_000_000

    /// Without the warm-up's.
    public var requests: Int?
    /// Without the warm-up's time.
    public var duration: Nanoseconds?
    public var warmUp: LoadPlan.WarmUp?

    public init(requests: Int? = nil, duration: Nanoseconds? = nil, warmUp: LoadPlan.WarmUp? = nil) {
        self.requests = requests
        self.duration = duration
        self.warmUp = warmUp
    }

    /// How many requests it takes, the warm-up's too; infinite where nothing tells.
    func count(along profile: RateProfile) -> Double {
        let warmUpCount: Double
        let warmUpEnd: Double
        switch warmUp {
        case .requests(let count):
            (warmUpCount, warmUpEnd) = (Double(count), profile.time(of: Double(count)))
        case .time(let time):
            warmUpEnd = Double(time) / 1e9
            warmUpCount = Self.whole(profile.count(by: warmUpEnd))
        case nil: (warmUpCount, warmUpEnd) = (0, 0)
        }
        let byLength = profile.length.isFinite ? Self.whole(profile.count(by: profile.length)) : .infinity
        let byTime = duration.map { Self.whole(profile.count(by: warmUpEnd + Double($0) / 1e9)) } ?? .infinity
        let byCount = requests.map { warmUpCount + Double($0) } ?? .infinity
        return min(byLength, byTime, byCount)
    }

    /// The requests that begin before an integral of the rate is reached: the first of them at 0. What floating point adds
    /// is no request.
    private static func whole(_ count: Double) -> Double {
        (count - 1e-6 * max(count.squareRoot(), 1)).rounded(.up)
    }
}

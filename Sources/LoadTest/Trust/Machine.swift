// SPDX-License-Identifier: Apache-2.0

/// Where a run took place.
public struct Machine: Equatable, Sendable {
    public var kernel = ""
    public var processor = ""
    public var cores = 0
    public var typebar = ""

    public init() {}
}

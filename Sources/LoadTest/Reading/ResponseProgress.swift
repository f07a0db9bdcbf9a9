// SPDX-License-Identifier: Apache-2.0

/// Where the reading of a response stands.
enum ResponseProgress: Equatable, Sendable {
    case more
    /// The response is over, or worth no more. `status` where it ended as `.status`; `isReusable` where the connection may
    /// serve another request.
    case ended(StreamEnd, status: Int, isReusable: Bool)
}

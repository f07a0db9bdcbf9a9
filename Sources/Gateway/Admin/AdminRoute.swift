// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import HTTPTypes

/// What can be looked at and changed while the server runs.
enum AdminRoute: Equatable {
    case requests
    case request(UInt64)
    case counts
    case reset
    case scenarios
    case scenario(String)
    case explain
    case plan

    init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(PercentEncoding.decode)
        guard parts.first == "admin" else { return nil }
        switch (parts.dropFirst().first, parts.count) {
        case ("requests", 2): self = .requests
        case ("requests", 3):
            guard let id = UInt64(parts[2]) else { return nil }
            self = .request(id)
        case ("counts", 2): self = .counts
        case ("reset", 2): self = .reset
        case ("scenarios", 2): self = .scenarios
        case ("scenarios", 3): self = .scenario(parts[2])
        case ("explain", 2): self = .explain
        case ("plan", 2): self = .plan
        default: return nil
        }
    }

    var methods: [HTTPRequest.Method] {
        switch self {
        case .requests: [.get, .head, .delete]
        case .request, .counts, .plan: [.get, .head]
        case .reset, .explain: [.post]
        case .scenarios: [.get, .head, .post]
        case .scenario: [.delete]
        }
    }
}

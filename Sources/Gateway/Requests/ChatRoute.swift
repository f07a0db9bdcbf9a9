// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import HTTPTypes

/// The paths of the server and what may be done with each.
enum ChatRoute: Equatable {
    case page(Page)
    case models
    case start
    case stream
    case reader(id: Substring)
    case cancellation(id: Substring)

    init?(path: String) {
        switch path {
        case "/chat": self = .start
        case "/chat/stream": self = .stream
        case "/chat/models": self = .models
        default:
            if let id = Self.last(of: path, after: "/chat/stream/") {
                self = .reader(id: id)
            } else if let id = Self.last(of: path, after: "/chat/streams/") {
                self = .cancellation(id: id)
            } else if let page = Page(path: path) {
                self = .page(page)
            } else {
                return nil
            }
        }
    }

    /// The methods that the route takes, beside OPTIONS.
    var methods: [HTTPRequest.Method] {
        switch self {
        case .page, .models, .reader: [.get, .head]
        case .stream: [.get, .head, .post]
        case .start: [.post]
        case .cancellation: [.delete]
        }
    }

    /// The value of an `Allow` field.
    var allow: String {
        (methods + [.options]).map(\.rawValue).joined(separator: ", ")
    }

    private static func last(of path: String, after prefix: String) -> Substring? {
        guard path.hasPrefix(prefix) else { return nil }
        let rest = path.dropFirst(prefix.count)
        return rest.isEmpty || rest.contains("/") ? nil : rest
    }
}

// SPDX-License-Identifier: Apache-2.0

internal import HTTPServer
internal import HTTPTypes

/// The files of the chat page and of the admin page, which are part of the binary.
enum Page: String, CaseIterable {
    case index = "/"
    case script = "/app.js"
    case plot = "/plot.js"
    case style = "/style.css"
    case admin = "/admin"
    case adminScript = "/admin.js"
    case adminKit = "/admin-kit.js"
    case adminScenarios = "/admin-scenarios.js"
    case adminCadence = "/admin-cadence.js"
    case adminStyle = "/admin.css"
    case live = "/live"
    case liveScript = "/live.js"
    case liveStyle = "/live.css"

    init?(path: String) {
        self.init(rawValue: path)
    }

    var response: ServerResponse {
        var fields: HTTPFields = [
            .contentType: "\(type); charset=utf-8",
            .cacheControl: "no-cache",
            .xContentTypeOptions: "nosniff",
        ]
        if type == "text/html" {
            fields[.contentSecurityPolicy] = Self.policy
            if let name = HTTPField.Name("referrer-policy") { fields[name] = "no-referrer" }
        }
        return ServerResponse(status: .ok, fields: fields, body: content)
    }

    /// Nothing but our own files, and no way to be framed.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    private var type: String {
        switch self {
        case .index, .admin, .live: "text/html"
        case .script, .plot, .adminScript, .adminKit, .adminScenarios, .adminCadence, .liveScript: "text/javascript"
        case .style, .adminStyle, .liveStyle: "text/css"
        }
    }

    private var content: [UInt8] {
        switch self {
        case .index: PackageResources.index_html
        case .script: PackageResources.app_js
        case .plot: PackageResources.plot_js
        case .style: PackageResources.style_css
        case .admin: PackageResources.admin_html
        case .adminScript: PackageResources.admin_js
        case .adminKit: PackageResources.admin_kit_js
        case .adminScenarios: PackageResources.admin_scenarios_js
        case .adminCadence: PackageResources.admin_cadence_js
        case .adminStyle: PackageResources.admin_css
        case .live: PackageResources.live_html
        case .liveScript: PackageResources.live_js
        case .liveStyle: PackageResources.live_css
        }
    }
}

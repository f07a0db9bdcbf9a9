// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// `typebar admin`, and what it can do to a running server.
struct AdminCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin",
        abstract: "Looks into a running server: requests received, counts, scenarios.",
        subcommands: [
            Requests.self, Request.self, Counts.self, Reset.self, Scenarios.self, Add.self, Remove.self, Explain.self,
        ]
    )

    struct Requests: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the requests received, the newest first.")

        @OptionGroup var server: AdminTarget

        @Option(help: "The most to list.")
        var limit = 100

        @Option(help: "Only those of this session (the field X-Typebar-Session).")
        var session: String?

        func run() throws {
            let filter = session.map { "&session=\(AdminTarget.escaped($0))" } ?? ""
            try server.show("GET", "/admin/requests?limit=\(limit)\(filter)")
        }
    }

    struct Request: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows one request whole, with headers and body.")

        @OptionGroup var server: AdminTarget

        @Argument(help: "Its id, from the list.")
        var id: UInt64

        func run() throws { try server.show("GET", "/admin/requests/\(id)") }
    }

    struct Counts: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Counts the requests by how they ended, and by scenario."
        )

        @OptionGroup var server: AdminTarget

        func run() throws { try server.show("GET", "/admin/counts") }
    }

    struct Reset: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forgets the requests, and how often each scenario was used."
        )

        @OptionGroup var server: AdminTarget

        func run() throws { try server.show("POST", "/admin/reset") }
    }

    struct Scenarios: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the scenarios in the order in which they are tried."
        )

        @OptionGroup var server: AdminTarget

        func run() throws { try server.show("GET", "/admin/scenarios") }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds the scenarios of a file, in front of the others."
        )

        @OptionGroup var server: AdminTarget

        @Argument(help: "A scenario file, in YAML.")
        var file: String

        func run() throws { try server.show("POST", "/admin/scenarios", file: file) }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes a scenario until the files are read again.")

        @OptionGroup var server: AdminTarget

        @Argument(help: "Its name.")
        var name: String

        func run() throws { try server.show("DELETE", "/admin/scenarios/\(AdminTarget.escaped(name))") }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says which of the server's scenarios answers a request now, and why the others do not."
        )

        @OptionGroup var server: AdminTarget

        @Argument(help: "A file with the body of the request, in JSON.")
        var request: String

        @Option(help: "The wire format, such as openai_chat.")
        var format = "openai_chat"

        func run() throws {
            try server.show("POST", "/admin/explain?format=\(AdminTarget.escaped(format))", file: request)
        }
    }
}

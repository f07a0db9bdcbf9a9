// SPDX-License-Identifier: Apache-2.0

extension Target {
    /// It is on this machine by its name: 127.0.0.0/8, or `localhost`. An address of the machine's own network card is not
    /// recognised.
    public var isLoopback: Bool {
        host == "localhost" || host.hasPrefix("127.") && host.utf8.allSatisfy { !$0.isLetter } || host == "::1"
    }
}

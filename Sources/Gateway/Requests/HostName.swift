// SPDX-License-Identifier: Apache-2.0

/// The `Host` field: a name or an address, and maybe a port (RFC 9110, section 7.2).
enum HostName {
    /// An address of IPv6 keeps its brackets.
    static func withoutPort(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") else { return host }
        // Without brackets, more than one colon is an address.
        guard host.first == "[" || !host[..<colon].contains(":") else { return host }
        return String(host[..<colon])
    }

    /// Whether it can stand in a URL as it is: a name of letters, digits, `-`, `.` and `_`, or an address in brackets.
    static func isValid(_ host: String) -> Bool {
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let name = isBracketed ? host.dropFirst().dropLast() : host[...]
        guard (1...253).contains(name.utf8.count) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
            case UInt8(ascii: "."): true
            case UInt8(ascii: ":"): isBracketed
            case UInt8(ascii: "g")...UInt8(ascii: "z"), UInt8(ascii: "G")...UInt8(ascii: "Z"): !isBracketed
            case UInt8(ascii: "-"), UInt8(ascii: "_"): !isBracketed
            default: false
            }
        }
    }
}

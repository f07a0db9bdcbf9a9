// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Writes the body of an error: `{"error":{"code","message","param"}}`.
public enum PlainStreamError {
    public static func body(code: String, message: String, parameter: String? = nil) -> [UInt8] {
        JSONText.object { text in
            text.name("error")
            text.object { text in
                text.name("code")
                text.string(code)
                text.name("message")
                text.string(message)
                text.name("param")
                if let parameter { text.string(parameter) } else { text.null() }
            }
        }
    }
}

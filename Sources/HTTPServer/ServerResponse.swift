// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// A whole answer. Its length is added when it is sent.
public struct ServerResponse: Sendable {
    public var status: HTTPResponse.Status
    public var fields: HTTPFields
    public var body: [UInt8]

    public init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

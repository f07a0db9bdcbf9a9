// SPDX-License-Identifier: Apache-2.0

internal import Conversation
internal import HTTPTypes

extension HTTPFields {
    /// The head of an event stream that nothing on its way is to hold back, keep or change.
    static func eventStream(_ id: StreamID?) -> HTTPFields {
        var fields: HTTPFields = [
            .contentType: "text/event-stream; charset=utf-8",
            .cacheControl: "no-cache, no-store, no-transform",
            .xContentTypeOptions: "nosniff",
        ]
        // nginx buffers what an upstream says unless it is told not to.
        if let name = HTTPField.Name("x-accel-buffering") { fields[name] = "no" }
        if let id, let name = HTTPField.Name("x-stream-id") { fields[name] = id.description }
        return fields
    }

    /// The head of an answer in JSON.
    static var json: HTTPFields {
        [
            .contentType: "application/json; charset=utf-8",
            .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ]
    }
}

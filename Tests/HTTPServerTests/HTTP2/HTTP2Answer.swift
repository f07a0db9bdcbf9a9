// SPDX-License-Identifier: Apache-2.0

import NIOHPACK
import NIOHTTP2

/// What a client has been told on one stream.
struct HTTP2Answer {
    var statuses: [String] = []
    var fields = HPACKHeaders()
    var body: [UInt8] = []
    var frames = 0
    var hasEnded = false
    var reset: HTTP2ErrorCode?

    var text: String { String(decoding: body, as: UTF8.self) }
}

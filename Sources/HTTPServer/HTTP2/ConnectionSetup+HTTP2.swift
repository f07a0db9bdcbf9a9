// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP2

extension ConnectionSetup {
    func speakHTTP2() throws {
        throw ChannelError.operationUnsupported
    }
}

// SPDX-License-Identifier: Apache-2.0

/// A part of a message that is no text.
public struct Attachment: Equatable, Sendable {
    public enum Kind: String, Sendable {
        case image
        case audio
        case file
    }

    public var kind: Kind
    /// Such as `image/png`; nil where it is not told.
    public var mediaType: String?
    /// Its address, its id, or its data in base64, as the client gave it.
    public var source: String

    public init(kind: Kind, mediaType: String? = nil, source: String) {
        self.kind = kind
        self.mediaType = mediaType
        self.source = source
    }
}

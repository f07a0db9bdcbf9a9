// SPDX-License-Identifier: Apache-2.0

extension Fault {
    /// Who has to do with a fault, and when.
    enum Role: Equatable {
        /// Decided before the answer begins, by whoever sends its head or writes its script.
        case prelude
        /// Done to the connection, at a place.
        case act
        /// Done to one frame, at a place.
        case alteration
        /// Done to all frames.
        case habit
    }
}

extension Fault.Kind {
    var role: Fault.Role {
        switch self {
        case .status, .rateLimit, .contentType, .contentLength, .brokenToolArguments: .prelude
        case .error, .stall, .reset, .close, .end: .act
        case .truncate, .malformedJSON, .invalidUTF8, .duplicate, .reorder, .lose, .giant: .alteration
        case .missingTerminator, .doubledTerminator, .missingFinish, .drip, .split, .lineEnds, .comments,
            .unknownFields:
            .habit
        }
    }

    /// Whether `@PLACE` means something.
    var isPlaced: Bool { role == .act || role == .alteration }
}

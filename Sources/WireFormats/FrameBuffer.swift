// SPDX-License-Identifier: Apache-2.0

/// Bytes of a streamed answer on their way out, and where each frame ends.
public struct FrameBuffer {
    /// What a frame is for. Faults are aimed at frames by it.
    public enum Kind: Equatable, Sendable {
        /// Before and between the answer's text: roles, blocks that begin and end.
        case structure
        /// A unit of what the model says.
        case unit
        /// Tells why the answer ends.
        case finish
        /// Token counts.
        case usage
        /// Nothing comes after it: `[DONE]`.
        case terminator
        /// The answer is not whole.
        case failure
    }

    public struct Frame: Equatable, Sendable {
        /// Offset after its last byte.
        public var end: Int
        public var kind: Kind
    }

    /// Renderers append to these, and then call ``endFrame(_:)``.
    public var bytes: [UInt8] = []
    public private(set) var frames: [Frame] = []
    private let recordsFrames: Bool

    /// - Parameter recordsFrames: Only whoever alters frames has to know where they end.
    public init(recordsFrames: Bool = false) {
        self.recordsFrames = recordsFrames
    }

    /// What was appended since the last frame's end is a frame.
    @inline(__always)
    public mutating func endFrame(_ kind: Kind) {
        if recordsFrames { frames.append(Frame(end: bytes.count, kind: kind)) }
    }

    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
    }
}

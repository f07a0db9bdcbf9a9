// SPDX-License-Identifier: Apache-2.0

/// The body of a request, handed out once and never again.
///
/// libcurl sends a request again, whatever its method, when a reused connection dies before the answer begins
/// (curl-openssl.md 4.9), and a paid answer would be paid twice. A body that cannot be had again makes that impossible.
struct UploadBody {
    private var bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// No byte of it has left, so an upstream cannot have worked on the request.
    var isWhole: Bool { position == 0 }

    /// Copies the next bytes and tells how many. The memory is given back with the last of them.
    mutating func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(target.count, bytes.count - position)
        guard count > 0 else { return 0 }
        bytes.withUnsafeBytes {
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
        }
        position += count
        if position == bytes.count {
            bytes = []
            position = .max
        }
        return count
    }
}

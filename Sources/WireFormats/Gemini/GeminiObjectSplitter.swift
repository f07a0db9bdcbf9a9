// SPDX-License-Identifier: Apache-2.0

/// Cuts a body into the JSON objects of one array, or of none: bytes in, the bytes of objects out. What the objects
/// hold is not checked.
struct GeminiObjectSplitter {
    enum Failure: Error, Equatable {
        /// An object has more bytes than this.
        case tooLarge(limit: Int)
        /// This byte stands where an object should.
        case stranger(UInt8)
    }

    private let limit: Int
    private var object: [UInt8] = []
    /// How many brackets of the object are open.
    private var depth = 0
    private var isString = false
    private var isEscaped = false

    init(limit: Int) {
        self.limit = limit
    }

    mutating func feed(_ bytes: ArraySlice<UInt8>, _ emit: ([UInt8]) -> Void) throws(Failure) {
        for byte in bytes {
            if depth == 0 {
                switch byte {
                case UInt8(ascii: "{"): break
                case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D: continue
                default: throw .stranger(byte)
                }
            }
            guard object.count < limit else { throw .tooLarge(limit: limit) }
            object.append(byte)
            step(byte)
            guard depth == 0 else { continue }
            emit(object)
            object.removeAll(keepingCapacity: object.capacity <= 64 << 10)
        }
    }

    private mutating func step(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if isString {
            isEscaped = byte == UInt8(ascii: "\\")
            isString = byte != UInt8(ascii: "\"")
        } else {
            switch byte {
            case UInt8(ascii: "\""): isString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
    }
}

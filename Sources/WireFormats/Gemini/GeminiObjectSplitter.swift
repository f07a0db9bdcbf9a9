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
    private var brackets = JSONBrackets()

    init(limit: Int) {
        self.limit = limit
    }

    mutating func feed(_ bytes: ArraySlice<UInt8>, _ emit: ([UInt8]) -> Void) throws(Failure) {
        for byte in bytes {
            if brackets.depth == 0 {
                switch byte {
                case UInt8(ascii: "{"): break
                case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D: continue
                default: throw .stranger(byte)
                }
            }
            guard object.count < limit else { throw .tooLarge(limit: limit) }
            object.append(byte)
            brackets.take(byte)
            guard brackets.depth == 0 else { continue }
            emit(object)
            object.removeAll(keepingCapacity: object.capacity <= 64 << 10)
        }
    }
}

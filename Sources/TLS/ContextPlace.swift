// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// A place in every `SSL_CTX` for an object, which is released when libssl frees the context.
struct ContextPlace<Object: AnyObject & Sendable>: Sendable {
    private let index: Int32

    init() {
        index = ctls_context_new_index { _, object, _, _, _, _ in
            guard let object else { return }
            Unmanaged<AnyObject>.fromOpaque(object).release()
        }
    }

    /// Once for each context.
    func put(_ object: Object, in context: OpaquePointer) {
        let held = Unmanaged.passRetained(object)
        if SSL_CTX_set_ex_data(context, index, held.toOpaque()) != 1 { held.release() }
    }

    func get(from context: OpaquePointer) -> Object? {
        SSL_CTX_get_ex_data(context, index).map { Unmanaged<Object>.fromOpaque($0).takeUnretainedValue() }
    }
}

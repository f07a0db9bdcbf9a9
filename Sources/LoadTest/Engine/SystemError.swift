// SPDX-License-Identifier: Apache-2.0

/// A call of the system failed, with this `errno`.
struct SystemError: Error, Equatable {
    let code: CInt
}

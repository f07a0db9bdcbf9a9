// SPDX-License-Identifier: Apache-2.0

/// A connection as its loop sees it.
protocol ServedConnection: AnyObject {
    /// Closes when what runs has come to its end; at once where nothing does.
    func drain()
    /// Cuts it now.
    func abort()
}

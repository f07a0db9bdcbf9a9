// SPDX-License-Identifier: Apache-2.0

import Conversation
import Journal
import Testing

struct MemoryJournalTests {
    private let journal = MemoryJournal(limit: 3_000)
    private let id = StreamID.random()

    @Test
    func `a key belongs to the first stream that claims it`() {
        let other = StreamID.random()
        #expect(journal.claim("k", for: id, request: [1]) == .new)
        #expect(journal.claim("k", for: other, request: [1]) == .same(id))
        #expect(journal.claim("k", for: other, request: [2]) == .other)
        #expect(journal.claim("l", for: other, request: [2]) == .new)
    }

    @Test
    func `a key is free again when its stream is forgotten`() {
        _ = journal.began(id, home: 1, bytes: 0)
        #expect(journal.claim("k", for: id, request: [1]) == .new)
        journal.forget(id)
        #expect(journal.claim("k", for: .random(), request: [2]) == .new)
    }

    @Test
    func `a key is free again when its stream never began`() {
        #expect(journal.claim("k", for: id, request: [1]) == .new)
        journal.unclaim(id)
        #expect(journal.claim("k", for: .random(), request: [2]) == .new)
    }

    @Test
    func `a key is free again when its stream is let go for others`() {
        _ = journal.claim("k", for: id, request: [1])
        #expect(journal.began(id, home: 7, bytes: 1_500).isEmpty)
        #expect(journal.ended(id).isEmpty)
        let gone = journal.began(.random(), home: 0, bytes: 1_500)
        #expect(gone.map(\.id) == [id])
        #expect(gone.map(\.home) == [7])
        #expect(journal.home(of: id) == nil)
        #expect(journal.claim("k", for: .random(), request: [2]) == .new)
    }

    @Test
    func `a stream is found on its loop until it is forgotten`() {
        #expect(journal.home(of: id) == nil)
        _ = journal.began(id, home: 3, bytes: 0)
        #expect(journal.home(of: id) == 3)
        #expect(journal.count == 1)
        journal.forget(id)
        #expect(journal.home(of: id) == nil)
        #expect(journal.count == 0)
    }

    @Test
    func `the journal is full while running streams hold more than allowed`() {
        _ = journal.began(id, home: 0, bytes: 0)
        #expect(!journal.isFull)
        #expect(journal.grew(id, by: 3_000).isEmpty)
        #expect(journal.isFull)
        #expect(journal.ended(id).map(\.id) == [id])
        #expect(!journal.isFull)
    }

    @Test
    func `of many that claim a key at once, one has it`() async {
        let journal = journal
        let wins = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask { journal.claim("k", for: .random(), request: [1]) == .new }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(wins == 1)
    }
}

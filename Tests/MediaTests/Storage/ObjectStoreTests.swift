import FoundationEssentials
import NIOCore
import Testing

@testable import Media

/// What every store does.
@Suite("An object store")
struct ObjectStoreTests {
    @Test("gives back what was written, in whatever pieces it came", arguments: TestStore.all, [1, 1_000, 700_000])
    func roundTrip(_ kind: TestStore, pieceLength: Int) async throws {
        try await kind.withStore { store in
            let count = pieceLength == 1 ? 1_000 : 1_500_000
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 31) }
            let key = ObjectKey()
            var writer = try await store.writer(for: key)
            for start in stride(from: 0, to: count, by: pieceLength) {
                try await writer.write(ByteBuffer(bytes: bytes[start..<min(start + pieceLength, count)]))
            }
            #expect(try await store.size(of: key) == nil)
            try await writer.finish()
            #expect(try await store.size(of: key) == count)
            #expect(try await store.bytes(key, 0..<count) == bytes)
            #expect(try await store.bytes(key, count / 3..<count / 2) == Array(bytes[count / 3..<count / 2]))
            let stored = try #require(try await store.objects(in: key.shard).first { $0.key == key })
            #expect(stored.size == count && abs(stored.modifiedAt.timeIntervalSinceNow) < 600)
        }
    }

    @Test("keeps large and empty objects as well", arguments: TestStore.all, [0, 8 << 20, 20_000_001])
    func sizes(_ kind: TestStore, count: Int) async throws {
        try await kind.withStore { store in
            let key = ObjectKey()
            var writer = try await store.writer(for: key)
            let piece = ByteBuffer(repeating: 7, count: 1 << 20)
            for start in stride(from: 0, to: count, by: 1 << 20) {
                try await writer.write(piece.getSlice(at: 0, length: min(1 << 20, count - start)) ?? piece)
            }
            try await writer.finish()
            #expect(try await store.size(of: key) == count)
            if count > 0 {
                #expect(try await store.bytes(key, count - 5..<count) == [7, 7, 7, 7, 7])
            }
            try await store.remove(key)
            #expect(try await store.size(of: key) == nil)
        }
    }

    @Test(
        "has nothing under a key that was abandoned or removed; removing twice is the same as once",
        arguments: TestStore.all)
    func absence(_ kind: TestStore) async throws {
        try await kind.withStore { store in
            let key = ObjectKey()
            var writer = try await store.writer(for: key)
            try await writer.write(ByteBuffer(repeating: 1, count: 9 << 20))
            await writer.abandon()
            #expect(try await store.size(of: key) == nil)
            await #expect(throws: ObjectStoreError.self) { try await store.bytes(key, 0..<1) }
            try await store.remove(key)
            try await store.discardParts(of: key)
            #expect(try await !store.objects(in: key.shard).contains { $0.key == key })
            #expect(try await store.removeUnfinished(before: .distantFuture, live: [], dryRun: true) == 0)
        }
    }

    @Test("joins parts that came in any order, the last of each number", arguments: TestStore.all)
    func parts(_ kind: TestStore) async throws {
        try await kind.withStore { store in
            let key = ObjectKey()
            let size = 5 << 20
            try await store.beginParts(of: key)
            #expect(try await store.parts(of: key).isEmpty)
            for (number, byte, count) in [(2, UInt8(2), 3), (1, 9, size), (1, 1, size)] {
                var writer = try await store.partWriter(for: key, number: number)
                try await writer.write(ByteBuffer(repeating: byte, count: count))
                try await writer.finish()
                // S3 tells to the second which of two came last.
                if byte == 9 { try await Task.sleep(for: .milliseconds(1100)) }
            }
            #expect(try await store.parts(of: key) == [1: size, 2: 3])
            await #expect(throws: ObjectStoreError.self) { try await store.joinParts(of: key, count: 3) }
            try await store.joinParts(of: key, count: 2)
            try await store.discardParts(of: key)
            #expect(try await store.size(of: key) == size + 3)
            #expect(try await store.bytes(key, size - 1..<size + 3) == [1, 2, 2, 2])
            #expect(try await store.parts(of: key).isEmpty)
        }
    }

    @Test("removes what nobody goes on with, and keeps what somebody does", arguments: TestStore.all)
    func unfinished(_ kind: TestStore) async throws {
        try await kind.withStore { store in
            let (live, dead) = (ObjectKey(), ObjectKey())
            for key in [live, dead] {
                try await store.beginParts(of: key)
                var writer = try await store.partWriter(for: key, number: 1)
                try await writer.write(ByteBuffer(string: "text"))
                try await writer.finish()
            }
            let soon = Date(timeIntervalSinceNow: 60)
            #expect(try await store.removeUnfinished(before: .distantPast, live: [], dryRun: false) == 0)
            #expect(try await store.removeUnfinished(before: soon, live: [live], dryRun: true) == 1)
            #expect(try await store.removeUnfinished(before: soon, live: [live], dryRun: false) == 1)
            #expect(try await store.parts(of: dead).isEmpty)
            #expect(try await store.parts(of: live) == [1: 4])
            try await store.discardParts(of: live)
        }
    }

    @Test("says whether it takes bytes", arguments: TestStore.all)
    func writable(_ kind: TestStore) async throws {
        try await kind.withStore { try await $0.checkWritable() }
    }
}

extension ObjectStore {
    func bytes(_ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await read(key, range) { bytes += $0.readableBytesView }
        return bytes
    }
}

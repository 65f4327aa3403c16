import FoundationEssentials
import Logging
import NIOCore
import Testing
import _NIOFileSystem

@testable import Media

@Suite("The folder store")
struct FolderStoreTests {
    @Test("gives back what was written, in whatever pieces it came", arguments: [1, 1_000, 512 * 1024, 700_000])
    func roundTrip(pieceLength: Int) async throws {
        try await withStore { store in
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
            #expect(try await read(store, key, 0..<count) == bytes)
            #expect(try await read(store, key, count / 3..<count / 2) == Array(bytes[count / 3..<count / 2]))
            #expect(try await store.objects(in: key.shard).map(\.key) == [key])
        }
    }

    @Test("has nothing under a key that was abandoned or removed; removing twice is the same as once")
    func absence() async throws {
        try await withStore { store in
            let key = ObjectKey()
            var writer = try await store.writer(for: key)
            try await writer.write(ByteBuffer(string: "text"))
            await writer.abandon()
            #expect(try await store.size(of: key) == nil)
            await #expect(throws: ObjectStoreError.self) { try await read(store, key, 0..<1) }
            try await store.remove(key)
            try await store.discardParts(of: key)
            #expect(try await store.objects(in: key.shard).isEmpty)
        }
    }

    @Test("cleans up in a cancelled task")
    func cancellation() async throws {
        try await withStore { store in
            let key = ObjectKey()
            let task = Task {
                var writer = try await store.writer(for: key)
                withUnsafeCurrentTask { $0?.cancel() }
                do {
                    try await writer.write(ByteBuffer(repeating: 1, count: FolderWriter.blockLength))
                    try await writer.finish()
                } catch {
                    await writer.abandon()
                    throw error
                }
            }
            let result = await task.result
            #expect(throws: CancellationError.self) { try result.get() }
            let left = try await store.entries(of: store.layout.incoming)
            #expect(left.isEmpty)
        }
    }

    @Test("says that bytes are missing when a file was cut")
    func truncated() async throws {
        try await withStore { store in
            let key = ObjectKey()
            var writer = try await store.writer(for: key)
            try await writer.write(ByteBuffer(string: "text"))
            try await writer.finish()
            await #expect(throws: ObjectStoreError.self) { try await read(store, key, 0..<5) }
        }
    }

    @Test("is not writable where its folder can't be")
    func notWritable() async throws {
        let store = FolderStore(root: "/dev/null/media", logger: Logger(label: "test"))
        await #expect(throws: ObjectStoreError.self) { try await store.checkWritable() }
    }

    @Test("takes only keys that are ours")
    func keys() {
        #expect(ObjectKey(rawValue: ObjectKey().rawValue) != nil)
        let digits = String(repeating: "a", count: 30)
        for text in [
            "", "../../etc/passwd", "aa/\(digits)", "ab/aa\(digits)", "aa/aa\(digits)/", "aA/aA\(digits)",
            "aa/aa\(digits)0",
        ] {
            #expect(ObjectKey(rawValue: text) == nil)
        }
        #expect(ObjectShard.all.count == 256 && ObjectShard.all.contains(ObjectKey().shard))
    }

    private func read(_ store: FolderStore, _ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await store.read(key, range) { bytes += $0.readableBytesView }
        return bytes
    }

    private func withStore(_ body: (FolderStore) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/store-tests-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(FolderStore(root: FilePath(folder), logger: Logger(label: "test")))
    }
}

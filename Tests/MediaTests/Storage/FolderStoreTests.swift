import FoundationEssentials
import Logging
import NIOCore
import Testing
import _NIOFileSystem

@testable import Media

@Suite("The folder store")
struct FolderStoreTests {
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
            await #expect(throws: ObjectStoreError.self) { try await store.bytes(key, 0..<5) }
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

    private func withStore(_ body: (FolderStore) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/store-tests-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(FolderStore(root: FilePath(folder), logger: Logger(label: "test")))
    }
}

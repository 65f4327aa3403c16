import FoundationEssentials
import Logging
import NIOCore
import _NIOFileSystem

/// Objects as files in one folder, which all replicas of the service share.
///
/// A file is written under `incoming`, synchronised with the disk, and then renamed into place; so whatever is killed
/// when, a key names all of its bytes or nothing.
struct FolderStore: ObjectStore {
    /// Bytes read at once. A reader is at most eight of these ahead.
    static let readLength = 256 * 1024

    let layout: FolderLayout
    let logger: Logger
    private let files = FileSystem.shared

    /// - Parameter root: absolute; made when it isn't there.
    init(root: FilePath, logger: Logger) {
        layout = FolderLayout(root: root)
        self.logger = logger
    }

    func writer(for key: ObjectKey) async throws -> any ObjectWriter {
        try await FolderWriter(to: layout.object(key), in: layout, replacing: false, logger: logger)
    }

    func size(of key: ObjectKey) async throws -> Int? {
        try await DiskError.mapped {
            try await files.info(forFileAt: layout.object(key)).map { Int($0.size) }
        }
    }

    func read(_ key: ObjectKey, _ range: Range<Int>, _ consume: (ByteBuffer) async throws -> Void) async throws {
        guard try await readFile(layout.object(key), range, consume) else { throw ObjectStoreError.notFound(key) }
    }

    func remove(_ key: ObjectKey) async throws {
        _ = try await DiskError.mapped {
            try await files.removeItem(at: layout.object(key), strategy: .sequential)
        }
    }

    func objects(in shard: ObjectShard) async throws -> [StoredObject] {
        try await entries(of: layout.folder(of: shard)).compactMap { file in
            ObjectKey(name: file.name).map { StoredObject(key: $0, size: file.size, modifiedAt: file.changedAt) }
        }
    }

    /// A part's folder is made with its first part.
    func beginParts(of key: ObjectKey) async throws {}

    func partWriter(for key: ObjectKey, number: Int) async throws -> any ObjectWriter {
        try await FolderWriter(to: layout.part(number, of: key), in: layout, replacing: true, logger: logger)
    }

    func parts(of key: ObjectKey) async throws -> [Int: Int] {
        let sizes = try await entries(of: layout.parts(of: key)).compactMap { file in
            Int(file.name).map { ($0, file.size) }
        }
        return Dictionary(sizes, uniquingKeysWith: max)
    }

    func joinParts(of key: ObjectKey, count: Int) async throws {
        var writer = try await FolderWriter(to: layout.object(key), in: layout, replacing: false, logger: logger)
        do {
            for number in 1...count {
                let path = layout.part(number, of: key)
                let isThere = try await readFile(path, 0..<Int.max) { try await writer.write($0) }
                guard isThere else { throw ObjectStoreError.notFound(key) }
            }
            try await writer.finish()
        } catch {
            await writer.abandon()
            throw error
        }
    }

    func discardParts(of key: ObjectKey) async throws {
        _ = try await DiskError.mapped {
            try await files.removeItem(at: layout.parts(of: key), strategy: .sequential)
        }
    }

    func directURL(for call: DirectCall, until expiry: Date) async throws -> String? { nil }

    func checkWritable() async throws {
        var writer = try await FolderWriter(
            to: layout.incoming.appending("check"), in: layout, replacing: true, logger: logger)
        do {
            try await writer.write(ByteBuffer(string: "written to see whether it can be"))
        } catch {
            await writer.abandon()
            throw error
        }
        await writer.abandon()
    }

    /// `false` when there is no such file.
    ///
    /// - Parameter range: an upper bound of `Int.max` reads to the end; any other must not be beyond it.
    private func readFile(_ path: FilePath, _ range: Range<Int>, _ consume: (ByteBuffer) async throws -> Void)
        async throws -> Bool
    {
        let handle: ReadFileHandle
        do {
            handle = try await files.openFile(
                forReadingAt: path, options: .init(followSymbolicLinks: false, closeOnExec: true))
        } catch let error as FileSystemError where error.code == .notFound {
            return false
        } catch {
            throw DiskError.mapped(error)
        }
        do {
            var missing = range.count
            let bounds = Int64(range.lowerBound)..<Int64(range.upperBound)
            for try await chunk in handle.readChunks(in: bounds, chunkLength: .bytes(Int64(Self.readLength))) {
                missing -= chunk.readableBytes
                try await consume(chunk)
            }
            if range.upperBound != .max && missing > 0 {
                throw ObjectStoreError.unavailable("\(path) is \(missing) bytes shorter than it was")
            }
        } catch {
            await Disk.close(handle, logger: logger)
            throw DiskError.mapped(error)
        }
        await Disk.close(handle, logger: logger)
        return true
    }
}

import FoundationEssentials
import Logging
import NIOCore
import _NIOFileSystem

/// Writes one file of a ``FolderStore``.
struct FolderWriter: ObjectWriter {
    /// Bytes gathered for one write.
    static let blockLength = 512 * 1024

    private let handle: WriteFileHandle
    private let temporary: FilePath
    private let destination: FilePath
    private let root: FilePath
    private let replaces: Bool
    private let logger: Logger
    private var block = ByteBuffer()
    private var offset: Int64 = 0

    /// - Parameter replaces: whether a file may be at `destination` already.
    init(to destination: FilePath, in layout: FolderLayout, replacing replaces: Bool, logger: Logger) async throws {
        self.destination = destination
        root = layout.root
        self.replaces = replaces
        self.logger = logger
        let temporary = layout.incoming.appending(UUID().uuidString.lowercased())
        self.temporary = temporary
        handle = try await DiskError.mapped {
            try await Disk.makeFolder(layout.incoming)
            return try await FileSystem.shared.openFile(
                forWritingAt: temporary,
                options: .init(
                    existingFile: .none,
                    newFile: .init(permissions: .ownerReadWrite, transactionalCreation: false),
                    followSymbolicLinks: false, closeOnExec: true))
        }
        block.reserveCapacity(Self.blockLength)
    }

    mutating func write(_ bytes: ByteBuffer) async throws {
        var bytes = bytes
        while let piece = bytes.readSlice(length: min(bytes.readableBytes, Self.blockLength - block.readableBytes)),
            piece.readableBytes > 0
        {
            block.writeImmutableBuffer(piece)
            if block.readableBytes == Self.blockLength { try await writeBlock() }
        }
    }

    mutating func finish() async throws {
        try await writeBlock()
        try await DiskError.mapped {
            try await handle.synchronize()
            try await handle.close()
            let folder = destination.removingLastComponent()
            try await Disk.makeFolder(folder)
            if replaces {
                try await FileSystem.shared.replaceItem(at: destination, withItemAt: temporary)
            } else {
                try await FileSystem.shared.moveItem(at: temporary, to: destination)
            }
            for level in [folder, folder.removingLastComponent(), root] { try await Disk.synchronizeFolder(level) }
        }
    }

    /// What can't be removed is told to the log, and found by maintenance.
    mutating func abandon() async {
        await Disk.close(handle, logger: logger)
        await Task { [temporary, logger] in
            do {
                try await FileSystem.shared.removeItem(at: temporary, strategy: .sequential)
            } catch {
                logger.warning("an unfinished file stays until maintenance", metadata: ["error": "\(error)"])
            }
        }.value
    }

    private mutating func writeBlock() async throws {
        guard block.readableBytes > 0 else { return }
        try await DiskError.mapped {
            offset += try await handle.write(contentsOf: block.readableBytesView, toAbsoluteOffset: offset)
        }
        block.clear()
    }
}

import Logging
import _NIOFileSystem

/// Steps that writing durably takes (fsync(2): the file's folder must be synchronised as well).
enum Disk {
    static func makeFolder(_ path: FilePath) async throws {
        try await FileSystem.shared.createDirectory(
            at: path, withIntermediateDirectories: true, permissions: .ownerReadWriteExecute)
    }

    static func synchronizeFolder(_ path: FilePath) async throws {
        try await FileSystem.shared.withDirectoryHandle(atPath: path) { try await $0.synchronize() }
    }

    /// Closes in a cancelled task as well; closing twice does nothing.
    static func close(_ handle: some FileHandleProtocol & Sendable, logger: Logger) async {
        await Task {
            do {
                try await handle.close()
            } catch {
                logger.warning("a file couldn't be closed", metadata: ["error": "\(error)"])
            }
        }.value
    }
}

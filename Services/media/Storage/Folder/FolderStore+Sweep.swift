import FoundationEssentials
import _NIOFileSystem

extension FolderStore {
    /// A file in one of the store's folders.
    struct Entry: Sendable {
        let path: FilePath
        let name: String
        let size: Int
        /// When it was last written or renamed.
        let changedAt: Date
    }

    func removeUnfinished(before time: Date, live: Set<ObjectKey>, dryRun: Bool) async throws -> Int {
        let liveNames = Set(live.map(\.name))
        let unfinished = try await entries(of: layout.incoming).filter { $0.changedAt < time }
        let abandoned = try await entries(of: layout.parts)
            .filter { $0.changedAt < time && !liveNames.contains($0.name) }
        if !dryRun {
            for entry in unfinished + abandoned {
                _ = try await DiskError.mapped {
                    try await FileSystem.shared.removeItem(at: entry.path, strategy: .sequential)
                }
            }
        }
        return unfinished.count + abandoned.count
    }

    /// What is in a folder, without what went while it was looked at; nothing when there is no folder.
    func entries(of folder: FilePath) async throws -> [Entry] {
        try await DiskError.mapped {
            do {
                return try await FileSystem.shared.withDirectoryHandle(atPath: folder) { handle in
                    var entries: [Entry] = []
                    for try await entry in handle.listContents() {
                        guard let info = try await FileSystem.shared.info(forFileAt: entry.path) else { continue }
                        let changed = info.lastStatusChangeTime
                        entries.append(
                            Entry(
                                path: entry.path, name: entry.name.string, size: Int(info.size),
                                changedAt: Date(
                                    timeIntervalSince1970: Double(changed.seconds)
                                        + Double(changed.nanoseconds) / 1_000_000_000)))
                    }
                    return entries
                }
            } catch let error as FileSystemError where error.code == .notFound {
                return []
            }
        }
    }
}

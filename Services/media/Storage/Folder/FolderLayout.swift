import _NIOFileSystem

/// Where things are in the folder of a ``FolderStore``.
struct FolderLayout: Sendable {
    let root: FilePath

    /// Finished objects, in a folder a shard.
    var objects: FilePath { root.appending("objects") }
    /// What is being written.
    var incoming: FilePath { root.appending("incoming") }
    /// Parts that came, in a folder an object.
    var parts: FilePath { root.appending("parts") }

    func folder(of shard: ObjectShard) -> FilePath { objects.appending(shard.rawValue) }

    func object(_ key: ObjectKey) -> FilePath { folder(of: key.shard).appending(key.name) }

    func parts(of key: ObjectKey) -> FilePath { parts.appending(key.name) }

    func part(_ number: Int, of key: ObjectKey) -> FilePath { parts(of: key).appending(String(number)) }
}

extension ObjectKey {
    /// The key without its shard: 32 hexadecimal digits.
    var name: String { String(rawValue.dropFirst(3)) }

    init?(name: String) {
        self.init(rawValue: "\(name.prefix(2))/\(name)")
    }
}

/// Which migrations to apply, given those that are.
struct MigrationPlan: Equatable {
    /// A row of `schema_migrations`.
    struct Applied: Equatable {
        let version: Int
        let name: String
        let checksum: String
    }

    /// In the order to apply them.
    let pending: [Migration]

    /// - Throws: `MigrationError` when history and program contradict each other.
    init(known: [Migration], applied: [Applied]) throws {
        let known = known.sorted { $0.version < $1.version }
        for (one, next) in zip(known, known.dropFirst()) where one.version == next.version {
            throw MigrationError.duplicate(version: one.version)
        }
        for old in applied {
            guard let migration = known.first(where: { $0.version == old.version }) else {
                throw MigrationError.missing(version: old.version, name: old.name)
            }
            guard migration.checksum == old.checksum else {
                throw MigrationError.changed(version: old.version, name: old.name)
            }
        }
        let versions = Set(applied.map(\.version))
        pending = known.filter { !versions.contains($0.version) }
        if let latest = versions.max(), let first = pending.first, first.version < latest {
            throw MigrationError.outOfOrder(version: first.version, name: first.name, latest: latest)
        }
    }
}

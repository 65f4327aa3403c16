/// Why a schema is not migrated. Each description says what to do.
public enum MigrationError: Error, Sendable, Equatable {
    case duplicate(version: Int)
    /// Applied with another text than the program has now.
    case changed(version: Int, name: String)
    /// Applied, but the program does not have it.
    case missing(version: Int, name: String)
    /// Not applied, though a later one is.
    case outOfOrder(version: Int, name: String, latest: Int)
    case endsTransaction(version: Int, name: String)
    case failed(version: Int, name: String, PostgresError)
    case schemaNotCreated(String, PostgresError)
}

extension MigrationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .duplicate(let version):
            "two migrations have version \(version); give one of them the next free number"
        case .changed(let version, let name):
            "migration \(version) (\(name)) was changed after it had been applied; restore its text and put the change "
                + "into a new migration"
        case .missing(let version, let name):
            "migration \(version) (\(name)) is applied, but this program does not have it; run a version of the program "
                + "that does"
        case .outOfOrder(let version, let name, let latest):
            "migration \(version) (\(name)) is not applied, but \(latest) is; give it a number above \(latest)"
        case .endsTransaction(let version, let name):
            "migration \(version) (\(name)) ends its transaction; take COMMIT and ROLLBACK out of it"
        case .failed(let version, let name, let error):
            "migration \(version) (\(name)) failed, and nothing of it took effect: \(error)"
        case .schemaNotCreated(let schema, let error):
            "the schema \(schema) does not exist and could not be created (\(error)); have it created by a role that may"
        }
    }
}

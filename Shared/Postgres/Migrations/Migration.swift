import Crypto

/// One step of a schema's history: a script that runs once, in a transaction of its own.
public struct Migration: Sendable, Equatable {
    public let version: Int
    public let name: String
    /// May hold many statements, but none that ends the transaction.
    public let sql: String
    /// SHA-256 of `sql` in hexadecimal: what has been applied must never change.
    public let checksum: String

    public init(version: Int, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
        checksum = Hex.text(of: Array(SHA256.hash(data: Array(sql.utf8))))
    }

    /// From an embedded file: `0001_content.sql` is version 1, `content`. Traps on another form of name, which is a
    /// mistake in the program.
    public init(resource name: String, _ bytes: [UInt8]) {
        let stem = name.hasSuffix(".sql") ? name.dropLast(4) : name[...]
        let parts = stem.split(separator: "_", maxSplits: 1)
        guard parts.count == 2, let version = Int(parts[0]), version > 0 else {
            preconditionFailure("a migration is named like 0001_content.sql, not \(name)")
        }
        self.init(version: version, name: String(parts[1]), sql: String(decoding: bytes, as: UTF8.self))
    }
}

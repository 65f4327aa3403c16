import Postgres
import WireProtocol

extension LanguageTag: PostgresDecodable {
    /// From the canonical text that was stored.
    public static func decode(_ cell: PostgresCell) throws -> LanguageTag {
        guard let tag = LanguageTag(try String.decode(cell)) else { throw StoredLanguageMalformed() }
        return tag
    }
}

/// Somebody else than this service has written to the database.
struct StoredLanguageMalformed: Error {}

import Postgres
import WireProtocol

extension LanguageTag: PostgresDecodable {
    /// What is stored is canonical: it was a tag before, or `content migrate` has made it one.
    public static func decode(_ cell: PostgresCell) throws -> LanguageTag {
        LanguageTag(canonical: try String.decode(cell))
    }
}

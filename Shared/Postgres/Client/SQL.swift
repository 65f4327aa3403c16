/// A statement as it stands in the source. Only literals become one, so no input ever gets into its text;
/// values travel as parameters, `$1`, `$2`, ….
public struct SQL: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    let text: String

    public init(stringLiteral value: StaticString) {
        text = value.description
    }

    /// For text that is a program of ours but no literal here: embedded migrations, the schema of a test.
    /// Never for anything that contains input.
    public init(unchecked text: String) {
        self.text = text
    }

    /// Joins literals, for optional clauses. Each combination is a prepared statement of its own.
    public static func + (left: SQL, right: SQL) -> SQL {
        SQL(unchecked: left.text + right.text)
    }

    public var description: String { text }
}

extension SQL {
    /// `name` as a quoted identifier. Sound since every connection speaks UTF-8.
    static func identifier(_ name: String) -> SQL {
        SQL(
            unchecked: "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                + "\"")
    }
}

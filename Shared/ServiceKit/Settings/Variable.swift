/// One environment variable that a service reads, with what it was set to.
public struct Variable: Sendable, Hashable {
    public enum Source: String, Sendable, Hashable {
        case environment
        /// From the file that `NAME_FILE` names.
        case file
        case `default`
        case missing
    }

    public let name: String
    /// What the service works with; masked when the variable holds a secret.
    public let shown: String
    public let source: Source
    /// One sentence, with unit and limits.
    public let meaning: String
}

/// What is wrong with one variable, and what to do about it.
public struct VariableFault: Sendable, Hashable, CustomStringConvertible {
    public let name: String
    public let message: String

    public var description: String { "\(name): \(message)" }
}

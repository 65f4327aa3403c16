/// A five-character code of the server (documentation, appendix A). Those that callers here act on have names.
public struct PostgresSQLState: RawRepresentable, Sendable, Hashable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let connectionException = PostgresSQLState(rawValue: "08000")
    public static let featureNotSupported = PostgresSQLState(rawValue: "0A000")
    public static let stringDataRightTruncation = PostgresSQLState(rawValue: "22001")
    public static let numericValueOutOfRange = PostgresSQLState(rawValue: "22003")
    public static let invalidTextRepresentation = PostgresSQLState(rawValue: "22P02")
    public static let notNullViolation = PostgresSQLState(rawValue: "23502")
    public static let foreignKeyViolation = PostgresSQLState(rawValue: "23503")
    public static let uniqueViolation = PostgresSQLState(rawValue: "23505")
    public static let checkViolation = PostgresSQLState(rawValue: "23514")
    public static let exclusionViolation = PostgresSQLState(rawValue: "23P01")
    public static let readOnlySQLTransaction = PostgresSQLState(rawValue: "25006")
    public static let inFailedSQLTransaction = PostgresSQLState(rawValue: "25P02")
    public static let invalidSQLStatementName = PostgresSQLState(rawValue: "26000")
    public static let serializationFailure = PostgresSQLState(rawValue: "40001")
    public static let deadlockDetected = PostgresSQLState(rawValue: "40P01")
    public static let insufficientPrivilege = PostgresSQLState(rawValue: "42501")
    public static let syntaxError = PostgresSQLState(rawValue: "42601")
    public static let undefinedTable = PostgresSQLState(rawValue: "42P01")
    public static let lockNotAvailable = PostgresSQLState(rawValue: "55P03")
    public static let queryCanceled = PostgresSQLState(rawValue: "57014")
    public static let adminShutdown = PostgresSQLState(rawValue: "57P01")
    public static let crashShutdown = PostgresSQLState(rawValue: "57P02")
    public static let cannotConnectNow = PostgresSQLState(rawValue: "57P03")

    /// Class 23.
    public var isIntegrityViolation: Bool { rawValue.hasPrefix("23") }

    /// A transaction that fails with this may succeed when it runs again from its start (documentation, 13.5).
    public var isRetriable: Bool { self == .serializationFailure || self == .deadlockDetected }

    /// The session is over: class 08, and the server going down.
    var endsConnection: Bool {
        rawValue.hasPrefix("08") || self == .adminShutdown || self == .crashShutdown || self == .cannotConnectNow
    }
}

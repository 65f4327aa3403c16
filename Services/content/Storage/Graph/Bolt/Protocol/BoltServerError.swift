/// Why the server refused, as `Neo.ClassOfError.Category.Title`.
struct BoltServerError: Error, Sendable, Equatable, CustomStringConvertible {
    var code: String
    var message: String

    init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    init(_ metadata: BoltMap) {
        if case .string(let code)? = metadata["code"] { self.code = code } else { code = "Neo.DatabaseError.Unknown" }
        if case .string(let text)? = metadata["message"] { message = text } else { message = "without a message" }
    }

    /// Whether the same transaction may well succeed at another try, on another connection. Two codes are in the class
    /// of passing errors by mistake: they say that somebody ended the transaction on purpose.
    var isRetryable: Bool {
        switch code {
        case "Neo.TransientError.Transaction.Terminated", "Neo.TransientError.Transaction.LockClientStopped": false
        default: code.hasPrefix("Neo.TransientError.") || isNotWritable || isAuthorizationExpired
        }
    }

    /// The server has handed the leadership of the database on; writes go to another one.
    var isNotWritable: Bool {
        code == "Neo.ClientError.Cluster.NotALeader"
            || code == "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"
    }

    /// What the server knows of the user's rights is too old: each connection that was logged on before is of no use.
    var isAuthorizationExpired: Bool { code == "Neo.ClientError.Security.AuthorizationExpired" }

    var isConstraintViolation: Bool { code == "Neo.ClientError.Schema.ConstraintValidationFailed" }

    /// Each server of the cluster would say the same: the credentials are wrong, or there is no such database.
    var isOfAllServers: Bool {
        code.hasPrefix("Neo.ClientError.Security.") || code.hasPrefix("Neo.ClientError.Database.")
    }

    var description: String { "\(code): \(message)" }
}

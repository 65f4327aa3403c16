public import HTTPTypes
public import WireProtocol

/// An answer that is an error, as a value to throw: RFC 9457 problem details with its status and header fields.
public struct HTTPProblem: Error, Sendable, Equatable {
    public var status: HTTPResponse.Status
    /// One or two sentences for the caller: what is wrong and what to do next.
    public var detail: String
    public var errors: [FieldError]?
    /// See ``WireProtocol/Problem/cycle``.
    public var cycle: [String]?
    /// See ``WireProtocol/Problem/challenge``.
    public var challenge: LoginChallenge?
    public var headers: HTTPFields

    public init(
        _ status: HTTPResponse.Status, _ detail: String, errors: [FieldError]? = nil, cycle: [String]? = nil,
        challenge: LoginChallenge? = nil, headers: HTTPFields = [:]
    ) {
        self.status = status
        self.detail = detail
        self.errors = errors
        self.cycle = cycle
        self.challenge = challenge
        self.headers = headers
    }

    public func problem(requestID: String) -> Problem {
        Problem(
            title: status.reasonPhrase, status: status.code, detail: detail, requestID: requestID, errors: errors,
            cycle: cycle, challenge: challenge)
    }
}

/// A domain's error that a caller can act on. Each domain says in one place, in its HTTP room, which answer it is.
public protocol ProblemConvertible: Error {
    var problem: HTTPProblem { get }
}

extension HTTPProblem {
    public static func badRequest(_ detail: String) -> Self { Self(.badRequest, detail) }

    /// - Parameter invalidToken: a token was sent and is not valid (RFC 6750 §3.1).
    public static func unauthorized(
        _ detail: String = "Log in and send the access token as Authorization: Bearer …", invalidToken: Bool = false
    ) -> Self {
        let challenge = invalidToken ? #"Bearer error="invalid_token""# : "Bearer"
        return Self(.unauthorized, detail, headers: [.wwwAuthenticate: challenge])
    }

    public static func forbidden(_ detail: String = "Your account may not do this.") -> Self {
        Self(.forbidden, detail)
    }

    public static func notFound(_ detail: String = "There is nothing here, or nothing that you may see.") -> Self {
        Self(.notFound, detail)
    }

    public static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Self {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return Self(.methodNotAllowed, "This path answers to \(names).", headers: [.allow: names])
    }

    public static func notAcceptable(_ offered: String) -> Self {
        Self(.notAcceptable, "The answer can only be had as \(offered).")
    }

    public static func conflict(_ detail: String) -> Self { Self(.conflict, detail) }

    public static func preconditionFailed() -> Self {
        Self(.preconditionFailed, "It was changed since you read it. Read it again and repeat your change.")
    }

    public static func preconditionRequired() -> Self {
        Self(.preconditionRequired, "Send If-Match with the ETag that you read, so that no other change gets lost.")
    }

    public static func contentTooLarge(limit: Int) -> Self {
        Self(.contentTooLarge, "The body may have at most \(limit) bytes.")
    }

    public static func unsupportedMediaType(_ expected: String) -> Self {
        Self(.unsupportedMediaType, "Send the body as \(expected).")
    }

    public static func invalid(_ errors: [FieldError]) -> Self {
        Self(.unprocessableContent, "The input is not valid; errors says which fields to mend.", errors: errors)
    }

    public static func invalid(_ field: String, _ message: String) -> Self {
        invalid([FieldError(field: field, message: message)])
    }

    /// - Parameter retryAfter: seconds.
    public static func unavailable(
        _ detail: String = "The service can't answer just now. Try again shortly.", retryAfter: Int = 1
    ) -> Self {
        Self(.serviceUnavailable, detail, headers: [.retryAfter: String(retryAfter)])
    }

    public static func internalError() -> Self {
        Self(.internalServerError, "Something went wrong here. It has been logged under the request_id.")
    }
}

/// Why the gateway itself refuses a request, or can't have it answered.
enum Refusal: Equatable {
    case malformed(MessageFault)
    case unknownPath
    case wrongMethod
    case tokenMissing
    case tokenInvalid
    case tokenUnjudgeable
    /// The token is good, its role not enough.
    case roleMissing
    case rateExceeded(retryAfter: Int)
    case bodyTooLarge(limit: Int)
    case requestTimeout
    case serviceFull(Backend)
    case serviceDown(Backend)
    /// Most of what the service was asked came to nothing; it is left alone for a while.
    case circuitOpen(Backend)
    case badAnswer(Backend)
    case answerTimeout(Backend)
    case tooManyConnections
    case pageUnavailable

    var status: UInt16 {
        switch self {
        case .malformed(let fault): fault.status
        case .unknownPath: 404
        case .wrongMethod: 405
        case .tokenMissing, .tokenInvalid: 401
        case .roleMissing: 403
        case .rateExceeded: 429
        case .bodyTooLarge: 413
        case .requestTimeout: 408
        case .tokenUnjudgeable, .serviceFull, .serviceDown, .circuitOpen, .tooManyConnections,
            .pageUnavailable:
            503
        case .badAnswer: 502
        case .answerTimeout: 504
        }
    }

    var detail: String {
        switch self {
        case .malformed(let fault): fault.detail
        case .unknownPath: "There is nothing at this path."
        case .wrongMethod: "This page can only be read."
        case .tokenMissing: "This call needs an access token, as Authorization: Bearer …"
        case .tokenInvalid: "The access token is not valid, or no longer. Refresh it or log in again."
        case .tokenUnjudgeable: "Tokens can't be checked yet. Try again shortly."
        case .roleMissing: "Your role does not allow this."
        case .rateExceeded(let seconds): "You have made too many calls. Try again in \(seconds) s."
        case .bodyTooLarge(let limit): "The body is larger than the \(limit) bytes that are accepted here."
        case .requestTimeout: "The request did not arrive in time."
        case .serviceFull(let service): "The \(service.name) service has all the work it can take. Try again shortly."
        case .serviceDown(let service): "The \(service.name) service can't be reached. Try again shortly."
        case .circuitOpen(let service): "The \(service.name) service fails too often just now. Try again shortly."
        case .badAnswer(let service): "The \(service.name) service did not give a valid answer. Try again shortly."
        case .answerTimeout(let service): "The \(service.name) service did not answer in time. Try again shortly."
        case .pageUnavailable: "This page can't be made just now. Try again shortly."
        case .tooManyConnections: "There are too many connections. Try again shortly."
        }
    }

    /// Whole header lines.
    var fields: String {
        switch self {
        // RFC 6750 §3: no error code when no credentials were sent.
        case .tokenMissing: "www-authenticate: Bearer realm=\"lyceum\"\r\n"
        case .tokenInvalid: "www-authenticate: Bearer realm=\"lyceum\", error=\"invalid_token\"\r\n"
        case .rateExceeded(let seconds): "retry-after: \(seconds)\r\n"
        case .wrongMethod: "allow: GET, HEAD\r\n"
        case .malformed(.forbiddenMethod): "allow: \(Method.allowed)\r\n"
        case .tokenUnjudgeable, .serviceFull, .serviceDown, .circuitOpen, .tooManyConnections, .pageUnavailable,
            .badAnswer, .answerTimeout:
            "retry-after: 1\r\n"
        default: ""
        }
    }

    /// Whether the connection can't be read on after it.
    var endsConnection: Bool {
        switch self {
        case .malformed, .requestTimeout, .tooManyConnections: true
        default: false
        }
    }
}

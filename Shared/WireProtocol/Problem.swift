/// The body of every error answer: RFC 9457 problem details, `application/problem+json`.
public struct Problem: Sendable, Equatable, Codable {
    public static let mediaType = "application/problem+json"

    /// A URI reference that names the kind of problem; `about:blank` where the status says it all (RFC 9457 §4.2.1).
    public var type: String
    public var title: String
    public var status: Int
    public var detail: String?
    public var requestID: String?
    /// What is wrong with which field, for 422.
    public var errors: [FieldError]?
    /// Extension member (RFC 9457 §3.2) of a 409 from the graph: the slugs of the concepts that would come to need
    /// themselves, each needing the next, the last needing the first.
    public var cycle: [String]?
    /// Extension member of the 403 to a login that is not complete: with what to go on.
    public var challenge: LoginChallenge?

    public init(
        type: String = "about:blank", title: String, status: Int, detail: String? = nil, requestID: String? = nil,
        errors: [FieldError]? = nil, cycle: [String]? = nil, challenge: LoginChallenge? = nil
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.requestID = requestID
        self.errors = errors
        self.cycle = cycle
        self.challenge = challenge
    }

    enum CodingKeys: String, CodingKey {
        case type, title, status, detail, errors, cycle, challenge
        case requestID = "request_id"
    }
}

/// One fault in the input. `field` is a dotted path from the body's root, or a parameter's name.
public struct FieldError: Sendable, Hashable, Codable {
    public var field: String
    public var message: String

    public init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}

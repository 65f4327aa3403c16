import HTTPTypes

/// The token of `Authorization: Bearer …` (RFC 6750 §2.1).
struct BearerToken {
    let text: String

    /// `nil` when no credentials were sent.
    ///
    /// - Throws: 401 for credentials of another scheme, or none after the scheme.
    init?(_ headers: HTTPFields) throws {
        guard let field = headers[.authorization] else { return nil }
        guard field.count > 7, field.prefix(7).lowercased() == "bearer " else {
            throw HTTPProblem.unauthorized("Send the access token as Authorization: Bearer …", invalidToken: true)
        }
        text = String(field.dropFirst(7).drop { $0 == " " })
    }
}

public import Hummingbird
import Logging

/// One call of a service's API: its method, its path as in OpenAPI (`/knowledge/{id}`), who may make it, what it
/// takes and gives, and the handler.
public struct Route: Sendable {
    public typealias Handler = @Sendable (Request, APIContext) async throws -> Response

    /// What a route does with a request's body.
    public enum Body: Sendable, Hashable {
        /// Read whole before the handler runs; more bytes than this get 413.
        case buffered(limit: Int)
        /// The handler reads it as it comes, and bounds it.
        case streamed
    }

    /// The limit of most bodies: 1 MiB.
    public static let defaultBodyLimit = 1 << 20

    public let method: HTTPRequest.Method
    public let path: String
    public let access: Access
    public let body: Body
    /// Media types that the answer can have; a request that accepts none of them gets 406. Empty: not checked.
    public let produces: [String]
    /// `nil` where only the service's own bound counts.
    let admission: Admission?
    let handler: Handler
    /// Of the line that tells that a request was answered.
    var logLevel = Logger.Level.info

    /// - Parameter atOnce: how many of these calls may be in work at once, where each takes much memory; those above it
    ///   get 503.
    public init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access,
        body: Body = .buffered(limit: defaultBodyLimit), produces: [String] = ["application/json"], atOnce: Int? = nil,
        _ handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.body = body
        self.produces = produces
        admission = atOnce.map { Admission(limit: $0) }
        self.handler = handler
    }
}

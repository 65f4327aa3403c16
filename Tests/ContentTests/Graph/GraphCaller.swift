import FoundationEssentials
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing
import WireProtocol

/// Calls the API as one user.
struct GraphCaller: Sendable {
    struct Answer {
        let status: HTTPResponse.Status
        let headers: HTTPFields
        let body: JSONValue

        /// A member of the body, or of one of its members.
        subscript(_ path: String...) -> JSONValue? {
            path.reduce(body) { value, name in
                guard case .object(let members) = value else { return nil }
                return members[name]
            }
        }

        /// One member of each item.
        func items(_ member: String) -> [JSONValue] {
            guard case .array(let items)? = self["items"] else { return [] }
            return items.compactMap { item in
                guard case .object(let members) = item else { return nil }
                return members[member]
            }
        }
    }

    let client: any TestClientProtocol
    let token: String?

    func call(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, headers: HTTPFields = [:])
        async throws -> Answer
    {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let response = try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        let bytes = Data(response.body.readableBytesView)
        return Answer(
            status: response.status, headers: response.headers,
            body: bytes.isEmpty ? .null : try WireJSON.decode(JSONValue.self, from: bytes))
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
        try await call(.get, path, headers: headers)
    }

    /// PUTs what must be new.
    func made(_ path: String, _ body: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = try await call(.put, path, body)
        #expect(answer.status == .created, "\(answer.body)", sourceLocation: sourceLocation)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral number: Int64) { self = .integer(number) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

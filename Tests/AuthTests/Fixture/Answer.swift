import FoundationEssentials
import HTTPTypes
import HummingbirdTesting
import NIOCore
import WireProtocol

/// What came back, with its body read as JSON.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let body: JSONValue

    init(_ response: TestResponse) throws {
        status = response.status
        headers = response.headers
        body =
            response.body.readableBytes == 0
            ? .null : try WireJSON.decode(JSONValue.self, from: Data(response.body.readableBytesView))
    }

    subscript(_ field: String) -> JSONValue { body[field] }

    var etag: String? { headers[.eTag] }

    /// The cookie that it sets, as it is to be sent back.
    var cookie: String? { headers[.setCookie]?.split(separator: ";").first.map(String.init) }

    /// The items of a list.
    var items: [JSONValue] {
        guard case .array(let items) = body["items"] else { return [] }
        return items
    }

    /// Which fields a 422 complains of.
    var invalidFields: Set<String> {
        guard case .array(let errors) = body["errors"] else { return [] }
        return Set(errors.compactMap { $0["field"].string })
    }

    /// The problem without what differs in every answer.
    var problem: JSONValue {
        guard case .object(var fields) = body else { return body }
        fields["request_id"] = nil
        return .object(fields)
    }
}

extension JSONValue {
    /// `null` for what is not there.
    subscript(_ field: String) -> JSONValue {
        guard case .object(let fields) = self else { return .null }
        return fields[field] ?? .null
    }

    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}

extension JSONValue: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        self = .string(text)
    }
}

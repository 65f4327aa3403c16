import FoundationEssentials
import NIOHTTP1
import WireProtocol

/// What Kratos answered.
struct KratosAnswer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: Data

    /// - Throws: `DecodingError`.
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try WireJSON.decode(type, from: body)
    }

    /// Kratos's word for an error, or the numbers of its messages: nothing that a user has typed.
    var reason: String {
        if let error = try? decode(KratosError.self) { return error.error.id ?? error.error.status ?? "" }
        guard let flow = try? decode(KratosFlow.self) else { return "" }
        return flow.messages.map { String($0.id) }.joined(separator: ",")
    }

    /// The `page_token` of `Link: <…>; rel="next"` (RFC 8288 §3), which Kratos gives unless the page is the last.
    var nextPage: String? {
        let links = headers[canonicalForm: "link"].map(String.init)
        guard let next = links.first(where: { $0.contains(#"rel="next""#) }), let end = next.firstIndex(of: ">"),
            let start = next.firstIndex(of: "<"), start < end
        else { return nil }
        let items = URLComponents(string: String(next[next.index(after: start)..<end]))?.queryItems
        return items?.first { $0.name == "page_token" }?.value
    }
}

/// The form of Kratos's errors.
private struct KratosError: Decodable {
    struct Detail: Decodable {
        var id: String?
        var status: String?
    }

    var error: Detail
}

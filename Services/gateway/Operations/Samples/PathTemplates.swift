import WireProtocol

/// The paths of the platform's contract, by which requests that differ in their ids alone count as one operation.
struct PathTemplates: Sendable {
    /// Longer names are cut where they are kept.
    static let longestName = 50

    private var templates: [[Substring]] = []

    init() {}

    /// - Parameter contract: an OpenAPI document.
    init(_ contract: JSONValue) {
        // Literal parts before parameters, so that `/media/uploads` is not taken for `/media/{id}`.
        templates = (contract["paths"]?.members ?? [:]).keys.sorted().map { $0.split(separator: "/") }
    }

    /// `GET /content/{id}`; where the contract has no such path, the method and the path's first part.
    func operation(_ method: Method, _ path: String) -> String {
        let parts = path.split(separator: "/")
        let template = templates.first { template in
            template.count == parts.count && zip(template, parts).allSatisfy { $0.first == "{" || $0 == $1 }
        }
        let name = template?.joined(separator: "/") ?? "\(parts.first ?? "")"
        return String("\(method.name) /\(name)".prefix(Self.longestName))
    }
}

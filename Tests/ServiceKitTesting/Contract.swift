import ServiceKit
import Yams

/// A service's `openapi.yaml`, to compare with the routes that it has.
public struct Contract {
    public enum Fault: Error {
        case unreadable
    }

    /// `GET /knowledge/{id}`, and so on.
    public let operations: Set<String>
    private let unprotected: Set<String>

    private static let methods: Set<String> = ["get", "put", "post", "delete", "patch", "head"]

    public init(_ yaml: [UInt8]) throws {
        guard let root = try Yams.load(yaml: String(decoding: yaml, as: UTF8.self)) as? [String: Any],
            let paths = root["paths"] as? [String: [String: Any]]
        else { throw Fault.unreadable }
        let inherited = root["security"] as? [[String: Any]] ?? []
        var operations: Set<String> = []
        var unprotected: Set<String> = []
        for (path, item) in paths {
            for (method, operation) in item where Self.methods.contains(method) {
                let name = "\(method.uppercased()) \(path)"
                operations.insert(name)
                let security = (operation as? [String: Any])?["security"] as? [[String: Any]] ?? inherited
                if security.isEmpty || security.contains(where: \.isEmpty) { unprotected.insert(name) }
            }
        }
        self.operations = operations
        self.unprotected = unprotected
    }

    /// What the routes have and the contract lacks, the other way round, and where they differ on who needs a token;
    /// empty when they agree. Routes for other services are not part of the contract.
    public func differences(from routes: [Route]) -> [String] {
        let visible = routes.filter { $0.access != .service }
        let served = Set(visible.map(\.operation))
        let open = Set(visible.filter { $0.access == .anyone }.map(\.operation))
        return served.subtracting(operations).sorted().map { "openapi.yaml lacks \($0)" }
            + operations.subtracting(served).sorted().map { "no route for \($0)" }
            + served.intersection(operations).sorted().filter { open.contains($0) != unprotected.contains($0) }
            .map { "\($0): route and openapi.yaml differ on whether a token is needed" }
    }
}

extension Route {
    /// `GET /knowledge/{id}`.
    public var operation: String { "\(method.rawValue) \(path)" }
}

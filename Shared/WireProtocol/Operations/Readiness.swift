/// What `GET /ready` of a service answers: whether it can serve, with the state of each thing that it depends on. With 200,
/// or 503 when it is `down`.
public struct Readiness: Sendable, Equatable, Codable {
    public struct Dependency: Sendable, Equatable, Codable {
        /// `degraded` when it is not there and the service does most of its work without.
        public var status: Health.Status
        /// What an operator should do about it, when it is not `ok`.
        public var detail: String?

        public init(status: Health.Status, detail: String? = nil) {
            self.status = status
            self.detail = detail
        }
    }

    public var status: Health.Status
    public var dependencies: [String: Dependency]

    public init(dependencies: [String: Dependency]) {
        self.dependencies = dependencies
        status =
            if dependencies.values.contains(where: { $0.status == .down }) {
                .down
            } else {
                dependencies.values.allSatisfy { $0.status == .ok } ? .ok : .degraded
            }
    }
}

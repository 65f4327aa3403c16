/// What `GET /health` of a service answers: the process is alive.
public struct Health: Sendable, Equatable, Codable {
    public enum Status: String, Sendable, Hashable, Codable {
        case ok, degraded, down
    }

    public var status: Status
    public var service: String

    public init(status: Status, service: String) {
        self.status = status
        self.service = service
    }
}

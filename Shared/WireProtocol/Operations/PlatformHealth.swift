/// What the gateway's `GET /health` answers: the sum of all services.
public struct PlatformHealth: Sendable, Equatable, Codable {
    public struct Service: Sendable, Equatable, Codable {
        public var status: Health.Status
        public var instances: [Instance]

        public init(status: Health.Status, instances: [Instance]) {
            self.status = status
            self.instances = instances
        }
    }

    public struct Instance: Sendable, Equatable, Codable {
        /// Host and port; told to admins only.
        public var address: String?
        public var healthy: Bool
        /// Left out for a while, since requests to it failed, whatever its checks say.
        public var ejected: Bool
        /// Requests sent to it that it has not answered yet.
        public var outstanding: Int

        public init(address: String?, healthy: Bool, ejected: Bool, outstanding: Int) {
            self.address = address
            self.healthy = healthy
            self.ejected = ejected
            self.outstanding = outstanding
        }
    }

    public var status: Health.Status
    public var services: [String: Service]

    public init(status: Health.Status, services: [String: Service]) {
        self.status = status
        self.services = services
    }
}

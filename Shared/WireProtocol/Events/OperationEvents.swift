/// A piece of work worth measuring ended in one service: a bulk load, an upload, a login.
public struct OperationCompleted: Sendable, Equatable, Codable {
    public var service: String
    /// Such as `content.bulk`; at most 50 characters.
    public var operationType: String
    /// Milliseconds.
    public var duration: Double
    public var success: Bool
    /// Faulty parts of it, such as refused lines.
    public var errorCount: Int

    public init(service: String, operationType: String, duration: Double, success: Bool, errorCount: Int) {
        self.service = service
        self.operationType = operationType
        self.duration = duration
        self.success = success
        self.errorCount = errorCount
    }

    enum CodingKeys: String, CodingKey {
        case service, duration, success
        case operationType = "operation_type"
        case errorCount = "error_count"
    }
}

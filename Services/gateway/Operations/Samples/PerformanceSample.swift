/// How one request fared.
struct PerformanceSample: Sendable, Equatable {
    var service: Backend
    var method: Method
    var path: String
    var status: UInt16
    /// Milliseconds.
    var duration: Double
    /// Seconds since 1970.
    var time: Int
}

import NIOCore

/// How much one event loop may load one service, and how it treats the service's endpoints.
struct PoolLimits: Sendable, Equatable {
    /// Requests in work at once.
    var concurrentRequests = 1024
    /// Requests that wait for one of those to end.
    var queuedRequests = 1024
    var queueTime = TimeAmount.seconds(5)
    /// How long a connection is kept without use.
    var idleTime = TimeAmount.seconds(30)
    var endpoints = EndpointRules()
    var retries = RetryBudget.Rules()
    var breaker = CircuitBreaker.Rules()
}

import NIOCore

/// What the data path allows, per client, service and process.
struct ProxyLimits: Sendable {
    /// Request line and header fields together.
    var headBytes = 16 << 10
    var mediaBodyBytes = 5 << 30
    var bodyBytes = 110 << 20
    /// From the first byte of a head to its end.
    var headTime = TimeAmount.seconds(10)
    /// Without a request on a kept connection.
    var idleTime = TimeAmount.seconds(75)
    /// Without progress of a request's body.
    var bodyTime = TimeAmount.seconds(30)
    /// From a request's last byte to its answer's first.
    var answerTime = TimeAmount.seconds(60)
    /// Without progress of an answer, whichever side stands still.
    var streamTime = TimeAmount.seconds(60)
    var connectTime = TimeAmount.seconds(2)
    /// How long what a refused client still sends is read and dropped before the connection is cut.
    var lingerTime = TimeAmount.seconds(2)
    /// Client connections at once in the whole process.
    var connections = 20_000
    /// Requests in work, and waiting, at once per service in the whole process.
    var pool = PoolLimits(
        concurrentRequests: 1024, queuedRequests: 1024, queueTime: .seconds(5), idleTime: .seconds(30))

    func bodyBytes(_ service: Backend) -> Int {
        service == .media ? mediaBodyBytes : bodyBytes
    }

    /// The share of one of `count` event loops.
    func share(of count: Int) -> ProxyLimits {
        var share = self
        share.connections = max(1, (connections + count - 1) / count)
        share.pool.concurrentRequests = max(1, (pool.concurrentRequests + count - 1) / count)
        share.pool.queuedRequests = (pool.queuedRequests + count - 1) / count
        return share
    }
}

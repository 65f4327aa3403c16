import NIOCore

/// Where one service is, which paths lead to it, and how much it may be asked.
struct ServiceConfiguration: Sendable, Equatable {
    var upstreams: [UpstreamAddress]
    /// Each covers the path itself and all below it.
    var prefixes: [String]
    var limits = ServiceLimits()
    var pool = PoolLimits()
}

/// What one request to a service may take.
struct ServiceLimits: Sendable, Equatable {
    /// Of a request's body.
    var bodyBytes = 110 << 20
    /// Of a request's line and header fields, where it is to be less than any client may send; 0: that.
    var headBytes = 0
    /// Bytes per second that a request's body must come with on average, after the clients' `bodyTime`; 0: any.
    var uploadRate = 500
    var connectTime = TimeAmount.seconds(2)
    /// From a request's last byte to its answer's first.
    var answerTime = TimeAmount.seconds(60)
    /// Without progress of an answer, whichever side stands still.
    var streamTime = TimeAmount.seconds(60)
}

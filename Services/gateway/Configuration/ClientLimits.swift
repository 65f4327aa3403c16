import NIOCore
import ServiceKit

/// What clients may take of the gateway, whichever service they ask.
struct ClientLimits: Sendable, Equatable {
    /// Connections at once in the whole process.
    var connections = 20_000
    /// Connections at once from one address (IPv6: one /64), trusted proxies left out; 0: no limit of its own.
    var connectionsPerAddress = 0
    /// Whose `X-Forwarded-For` is believed.
    var trustedProxies: [AddressRange] = []
    /// Request line and header fields together.
    var headBytes = 16 << 10
    /// From the first byte of a head to its end.
    var headTime = TimeAmount.seconds(10)
    /// Without a request on a kept connection.
    var idleTime = TimeAmount.seconds(75)
    /// Without progress of a request's body.
    var bodyTime = TimeAmount.seconds(30)
    /// How long what a refused client still sends is read and dropped before the connection is cut.
    var lingerTime = TimeAmount.seconds(2)
}

import NIOCore

/// What the directory says of one address of a service.
struct EndpointState: Sendable, Equatable {
    var address: SocketAddress
    var health: EndpointHealth
}

import NIOCore

/// What a client connection adds to every request that it carries: where it comes from.
struct ClientAddress {
    let text: String
    /// `x-forwarded-for` and `x-forwarded-proto` as header lines, and the name of the field that the host follows.
    let fields: [UInt8]

    init(_ address: SocketAddress?) {
        text = address?.ipAddress ?? "unknown"
        fields = Array("x-forwarded-for: \(text)\r\nx-forwarded-proto: http\r\nx-forwarded-host: ".utf8)
    }
}

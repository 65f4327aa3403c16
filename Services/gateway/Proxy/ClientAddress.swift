import NIOCore
import ServiceKit

/// Where a client is, for the services, the log and the limits.
struct ClientAddress {
    let text: String
    /// A keyed hash of it; of an IPv6 address, of the network that one subscriber has.
    let key: Int
    /// `x-forwarded-for` and `x-forwarded-proto` as header lines, and the name of the field that the host follows.
    let fields: [UInt8]
    /// Whether what it says of the client before it is believed.
    let isTrustedProxy: Bool

    init(_ address: SocketAddress?, isSecure: Bool = false, trusted: [AddressRange] = []) {
        self.init(
            address?.ipAddress ?? "unknown", scheme: isSecure ? "https" : "http", trusted: trusted)
    }

    private init(_ text: String, scheme: StaticString, trusted: [AddressRange]) {
        let address = IPAddress(text)
        let plain = address?.description ?? text
        var hasher = Hasher()
        if let bytes = address?.bytes { hasher.combine(bytes.count == 4 ? bytes[...] : bytes[..<8]) }
        key = hasher.finalize()
        self.text = plain
        fields = Array("x-forwarded-for: \(plain)\r\nx-forwarded-proto: \(scheme)\r\nx-forwarded-host: ".utf8)
        isTrustedProxy =
            !trusted.isEmpty && address.map { address in trusted.contains { $0.contains(address) } } ?? false
    }

    /// The client behind this trusted proxy: the last address of the list that is not a trusted proxy's itself.
    ///
    /// - Parameters:
    ///   - forwardedFor: as the proxy sent it; whatever stands before the first foreign address may be forged.
    ///   - scheme: by which the client reached the proxy, as it says.
    func client(behind forwardedFor: String, scheme: String?, trusted: [AddressRange]) -> ClientAddress {
        var client = self
        for entry in forwardedFor.split(separator: ",").reversed() {
            guard let address = IPAddress(entry.filter { $0 != " " && $0 != "\t" }) else { break }
            client = ClientAddress(
                address.description, scheme: scheme?.lowercased() == "https" ? "https" : "http", trusted: trusted)
            if !client.isTrustedProxy { break }
        }
        return client
    }
}

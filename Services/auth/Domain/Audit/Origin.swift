import ServiceKit

/// Where a request came from: for the list of sessions, the audit log and the limits.
struct Origin: Sendable, Hashable {
    static let maximumUserAgentLength = 400

    /// The client's address as the gateway saw it.
    let address: String
    let userAgent: String?
    let requestID: String
    /// The mark of a device that was logged in from before, as it was sent.
    var device: String?

    /// Who has a shell on the server.
    static let commandLine = Origin(address: "console", userAgent: nil, requestID: "console")

    /// What counts as one place for limits: an IPv4 address, or the /64 of an IPv6 address, which is what one
    /// connection gets.
    var network: String {
        guard let bytes = IPAddress(address)?.bytes, bytes.count == 16 else { return address }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ".") + "/64"
    }
}

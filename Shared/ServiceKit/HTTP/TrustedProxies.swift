/// Whose `X-Forwarded-For` is believed: that of loopback and private addresses, where our own gateway is, and of the
/// networks that the operator names. Anybody else could write anything there.
public struct TrustedProxies: Sendable {
    private static let own = [
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10",
    ].compactMap { AddressRange($0) }

    private let ranges: [AddressRange]

    public init() {
        ranges = Self.own
    }

    /// - Parameter text: networks as `203.0.113.0/24` or single addresses, separated by commas; may be empty.
    /// - Throws: ``InvalidNetwork``.
    public init(_ text: String) throws {
        ranges =
            try Self.own
            + text.split(separator: ",").map { entry in
                let text = entry.filter { !$0.isWhitespace }
                guard let range = AddressRange(text) else { throw InvalidNetwork(text: text) }
                return range
            }
    }

    /// The address of whoever is behind `peer`: the last entry of `forwardedFor`, which is the one that the proxy
    /// itself added. A call within the process has no peer, and may say where it comes from.
    func clientAddress(peer: String?, forwardedFor: String?) -> String {
        let own = peer.flatMap { IPAddress($0) }
        let isTrusted = peer == nil || own.map { address in ranges.contains { $0.contains(address) } } ?? false
        if isTrusted, let entry = forwardedFor?.split(separator: ",").last,
            let address = IPAddress(entry.filter { $0 != " " && $0 != "\t" })
        {
            return address.description
        }
        return own?.description ?? "unknown"
    }
}

/// A part of `TRUSTED_PROXIES` that is no network.
public struct InvalidNetwork: Error, CustomStringConvertible {
    let text: String

    public var description: String { "has \"\(text)\", which is no network such as 203.0.113.0/24" }
}

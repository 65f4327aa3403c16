/// A version of the messages, as the handshake settles it.
struct BoltVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    var major: UInt8
    var minor: UInt8

    /// What this client speaks: 5.0, the first with element ids and moments in UTC, to 5.4.
    static let oldest = BoltVersion(major: 5, minor: 0)
    static let newest = BoltVersion(major: 5, minor: 4)

    /// As of 5.1 the credentials are not part of HELLO but of LOGON.
    var hasLogon: Bool { self >= BoltVersion(major: 5, minor: 1) }
    /// As of 5.3 HELLO says which program speaks.
    var wantsBoltAgent: Bool { self >= BoltVersion(major: 5, minor: 3) }

    static func < (a: BoltVersion, b: BoltVersion) -> Bool { (a.major, a.minor) < (b.major, b.minor) }

    var description: String { "\(major).\(minor)" }
}

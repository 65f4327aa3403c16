/// An account is gone, and whoever has something of its owner's has to delete it or to make it anonymous. May come more
/// than once for one user, with other event ids: what the user's last tokens still brought about goes with the last.
public struct UserDeleted: Sendable, Equatable, Codable {
    public var userID: Identifier

    public init(userID: Identifier) {
        self.userID = userID
    }

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
    }
}

extension Identifier {
    /// Stands where a user was who is gone: the nil UUID (RFC 9562 §5.9), which no account can have.
    public static let nobody = Identifier("00000000-0000-0000-0000-000000000000")!
}

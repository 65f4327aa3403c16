public import WireProtocol

/// Which roles an issuer elsewhere can give. A user to whom it gives none of them is nobody here.
public struct ForeignRoles: Sendable, Hashable {
    public static let usualClaim = "role"

    /// The claim that names a user's role, or a list of them.
    public var claim: String
    /// Our role for each of its names.
    public var names: [String: Role]

    public init(claim: String = usualClaim, names: [String: Role]) {
        self.claim = claim
        self.names = names
    }

    /// The highest of those that the claims name.
    func role(in claims: [String: JSONValue]) -> Role? {
        switch claims[claim] {
        case .string(let name): names[name]
        case .array(let list):
            list.compactMap { if case .string(let name) = $0 { names[name] } else { nil } }.max()
        default: nil
        }
    }
}

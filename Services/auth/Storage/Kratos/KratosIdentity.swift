import FoundationEssentials
import WireProtocol

/// An identity as Kratos gives it. Its schema is `deploy/kratos/identity.schema.json`.
struct KratosIdentity: Decodable, Sendable {
    var id: Identifier
    var state: String?
    /// The user's id here, for accounts that came from here.
    var externalID: String?
    var traits: JSONValue
    var metadata: JSONValue?
    var addresses: [Address]?
    var credentials: [String: Credential]?

    struct Address: Decodable, Sendable {
        var value: String
        var verified: Bool
    }

    struct Credential: Decodable, Sendable {
        var config: JSONValue?
    }

    enum CodingKeys: String, CodingKey {
        case id, state, traits, credentials
        case externalID = "external_id"
        case metadata = "metadata_public"
        case addresses = "verifiable_addresses"
    }

    /// `nil` when the traits have no e-mail address that auth could keep.
    var account: OutsideAccount? {
        guard let email = EmailAddress(traits["email"].string ?? "") else { return nil }
        let isVerified = (addresses ?? []).contains {
            $0.verified && $0.value.lowercased() == email.description.lowercased()
        }
        return OutsideAccount(
            identity: id, user: externalID.flatMap { Identifier($0) } ?? id, email: email, displayName: displayName,
            role: metadata?["role"].string.flatMap(Role.init(rawValue:)) ?? .student, isEmailVerified: isVerified,
            isDisabled: state == "inactive")
    }

    /// The name as this schema has it, or as Kratos's quickstart has it, in two parts.
    private var displayName: String? {
        let name = traits["name"]
        let parts = name.string.map { [$0] } ?? [name["first"].string, name["last"].string].compactMap { $0 }
        let text = String(parts.filter { !$0.isEmpty }.joined(separator: " ").prefix(User.maximumDisplayNameLength))
        return text.isEmpty ? nil : text
    }

    /// bcrypt; `nil` when there is no password, or it was hashed otherwise.
    var passwordHash: BcryptHash? {
        credentials?["password"]?.config?["hashed_password"].string.flatMap { BcryptHash($0) }
    }
}

extension JSONValue {
    /// `null` for what is not there.
    fileprivate subscript(_ field: String) -> JSONValue {
        guard case .object(let fields) = self else { return .null }
        return fields[field] ?? .null
    }

    fileprivate var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}

import ServiceKit
import WireProtocol

extension ConfigurationReader {
    /// A list of `{issuer: …, keys: …, audience: …, algorithms: […], roles: {…}}`, all needed, with `role_claim` where a
    /// role is not in `role`.
    ///
    /// - Parameter auth: the platform's own issuer, whose name no other may have.
    mutating func issuers(_ entry: Entry, beside auth: TrustedIssuer) -> [TrustedIssuer] {
        var issuers: [TrustedIssuer] = []
        items(of: entry) { reader, item in
            var names: [String] = []
            var audiences: [String] = []
            var keys: [String] = []
            var algorithms: [SigningAlgorithm] = []
            var claims: [String] = []
            var roles: [String: Role] = [:]
            let faultsBefore = reader.faults.count
            reader.members(of: item) { reader, member in
                switch member.key {
                case "issuer": reader.text(member, "the iss claim of its tokens", into: &names, Self.claim)
                case "audience": reader.text(member, "the aud claim of its tokens", into: &audiences, Self.claim)
                case "keys":
                    reader.text(member, "the URL of a JWK set", into: &keys) {
                        TrustedIssuer.isKeySetURL($0) ? $0 : nil
                    }
                case "algorithms":
                    let all = SigningAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
                    reader.texts(member, "one of \(all)", into: &algorithms) { SigningAlgorithm(rawValue: $0) }
                case "role_claim": reader.text(member, "the claim that names a role", into: &claims, Self.claim)
                case "roles": roles = reader.roles(member)
                default: return false
                }
                return true
            }
            guard let name = names.first, let audience = audiences.first, let url = keys.first, !algorithms.isEmpty,
                !roles.isEmpty
            else {
                if reader.faults.count == faultsBefore {
                    reader.note(item, "must have issuer, keys, audience, algorithms and roles")
                }
                return
            }
            if ([auth] + issuers).contains(where: { $0.name == name }) {
                reader.note(item, "has the name of another issuer, \(name)")
            }
            let foreignRoles = ForeignRoles(claim: claims.first ?? ForeignRoles.usualClaim, names: roles)
            issuers.append(
                TrustedIssuer(
                    name: name, audience: audience, algorithms: Set(algorithms),
                    origin: .elsewhere(keys: url, roles: foreignRoles)))
        }
        return issuers
    }

    /// Our role for each name that an issuer has for one.
    private mutating func roles(_ entry: Entry) -> [String: Role] {
        var roles: [String: Role] = [:]
        members(of: entry) { reader, member in
            var found: [Role] = []
            let all = Role.allCases.map(\.rawValue).joined(separator: ", ")
            reader.text(member, "one of \(all)", into: &found) { Role(rawValue: $0) }
            roles[member.key] = found.first
            return true
        }
        return roles
    }

    private static func claim(_ text: String) -> String? { text.isEmpty ? nil : text }
}

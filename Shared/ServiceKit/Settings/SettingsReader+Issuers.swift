import FoundationEssentials
import WireProtocol

extension SettingsReader {
    private struct Entry: Decodable {
        var issuer: String
        var audience: String
        var keys: String
        var algorithms: Set<SigningAlgorithm>
        var role_claim: String?
        var roles: [String: Role]
    }

    /// A JSON list of `{"issuer": …, "audience": …, "keys": …, "algorithms": […], "roles": {…}}`, with `role_claim` where
    /// a role is not in `role`.
    ///
    /// - Parameter auth: the platform's own issuer, whose name no other may have.
    mutating func issuers(_ name: String, beside auth: String, _ meaning: String) -> [TrustedIssuer] {
        let text = string(name, default: "", meaning)
        guard !text.isEmpty else { return [] }
        let entries: [Entry]
        do {
            entries = try WireJSON.decode([Entry].self, from: Data(text.utf8))
        } catch let error as DecodingError {
            let fault = FieldError(error)
            note(name, "can't be read: \(fault.field) \(fault.message)")
            return []
        } catch {
            note(name, "can't be read: \(error)")
            return []
        }
        var issuers: [TrustedIssuer] = []
        for entry in entries {
            if entry.issuer.isEmpty || entry.audience.isEmpty { note(name, "has an issuer or audience without a name") }
            if entry.algorithms.isEmpty { note(name, "has no algorithms for \(entry.issuer)") }
            if !TrustedIssuer.isKeySetURL(entry.keys) { note(name, "has no URL of a JWK set for \(entry.issuer)") }
            if entry.roles.isEmpty { note(name, "has no roles for \(entry.issuer)") }
            if entry.issuer == auth || issuers.contains(where: { $0.name == entry.issuer }) {
                note(name, "has two issuers named \(entry.issuer)")
            }
            issuers.append(
                TrustedIssuer(
                    name: entry.issuer, audience: entry.audience, algorithms: entry.algorithms,
                    origin: .elsewhere(
                        keys: entry.keys,
                        roles: ForeignRoles(claim: entry.role_claim ?? ForeignRoles.usualClaim, names: entry.roles))))
        }
        return issuers
    }
}

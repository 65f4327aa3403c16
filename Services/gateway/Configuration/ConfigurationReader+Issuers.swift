import FoundationEssentials

extension ConfigurationReader {
    /// A list of `{issuer: …, keys: …, audience: …, algorithms: […]}`, all needed.
    ///
    /// - Parameter auth: the platform's own issuer, whose name no other may have.
    mutating func issuers(_ entry: Entry, beside auth: TokenIssuer) -> [TokenIssuer] {
        var issuers: [TokenIssuer] = []
        items(of: entry) { reader, item in
            var names: [String] = []
            var audiences: [String] = []
            var keys: [String] = []
            var algorithms: [SigningAlgorithm] = []
            let faultsBefore = reader.faults.count
            reader.members(of: item) { reader, member in
                switch member.key {
                case "issuer": reader.text(member, "the iss claim of its tokens", into: &names, Self.claim)
                case "audience": reader.text(member, "the aud claim of its tokens", into: &audiences, Self.claim)
                case "keys": reader.text(member, "the URL of a JWK set", into: &keys, Self.keySetURL)
                case "algorithms":
                    let all = SigningAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
                    reader.texts(member, "one of \(all)", into: &algorithms) { SigningAlgorithm(rawValue: $0) }
                default: return false
                }
                return true
            }
            guard let name = names.first, let audience = audiences.first, let url = keys.first, !algorithms.isEmpty
            else {
                if reader.faults.count == faultsBefore {
                    reader.note(item, "must have issuer, keys, audience and algorithms")
                }
                return
            }
            if ([auth] + issuers).contains(where: { $0.name == name }) {
                reader.note(item, "has the name of another issuer, \(name)")
            }
            issuers.append(
                TokenIssuer(name: name, audience: audience, keys: .url(url), algorithms: Set(algorithms)))
        }
        return issuers
    }

    private static func claim(_ text: String) -> String? { text.isEmpty ? nil : text }

    private static func keySetURL(_ text: String) -> String? {
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host?.isEmpty == false else {
            return nil
        }
        return text
    }
}

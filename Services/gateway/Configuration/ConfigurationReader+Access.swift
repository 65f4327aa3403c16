import NIOCore
import WireProtocol

extension ConfigurationReader {
    /// A list of `{paths: […], methods: […], access: …}`.
    mutating func accessRules(_ entry: Entry) -> [AccessRule] {
        var rules: [AccessRule] = []
        items(of: entry) { reader, item in
            var rule = AccessRule(paths: [], methods: Set(Method.allCases), access: .user)
            reader.members(of: item) { reader, member in reader.read(member, of: &rule) }
            if rule.paths.isEmpty { reader.note(item, "must have paths") }
            rules.append(rule)
        }
        return rules
    }

    private mutating func read(_ entry: Entry, of rule: inout AccessRule) -> Bool {
        switch entry.key {
        case "paths":
            texts(entry, "a path such as /auth/login, or /content/* for all below it", into: &rule.paths) {
                PathPattern($0)
            }
        case "methods":
            var methods: [Method] = []
            texts(entry, "one of \(Method.allowed)", into: &methods) { text in
                Method.allCases.first { "\($0.name)" == text }
            }
            rule.methods = Set(methods)
        case "access":
            var access: [Access] = []
            text(entry, "public, user, student, teacher or admin", into: &access) { Access($0) }
            rule.access = access.first ?? .user
        case "rate":
            var rates: [RateClass] = []
            text(entry, "one of read, write and login", into: &rates) { RateClass(rawValue: $0) }
            rule.rate = rates.first
        case "upgrade":
            var protocols: [String] = []
            texts(entry, "a protocol such as websocket, and not h2c", into: &protocols, Self.upgrade)
            rule.upgrades = Set(protocols)
        default: return false
        }
        return true
    }
}

extension ConfigurationReader {
    /// HTTP itself would go past every rule of the gateway.
    private static func upgrade(_ text: String) -> String? {
        let name = text.lowercased()
        let grammar = HTTPGrammar()
        guard !name.isEmpty, name.utf8.allSatisfy({ grammar.token.contains($0) || $0 == 0x2F }) else { return nil }
        return name == "h2c" || name.hasPrefix("http") || name.hasPrefix("tls") ? nil : name
    }

    /// `{requests: …, seconds: …}`, both needed.
    mutating func rateRule(_ entry: Entry) -> RateRule? {
        var requests = 0
        var window = TimeAmount.zero
        let faultsBefore = faults.count
        members(of: entry) { reader, member in
            switch member.key {
            case "requests": reader.integer(member, in: 1...1_000_000_000, into: &requests)
            case "seconds": reader.seconds(member, in: 1...86_400, into: &window)
            default: return false
            }
            return true
        }
        if faults.count == faultsBefore, requests == 0 || window == .zero {
            note(entry, "must have requests and seconds")
        }
        return requests == 0 || window == .zero ? nil : RateRule(requests: requests, window: window)
    }
}

extension Access {
    fileprivate init?(_ text: String) {
        switch text {
        case "public": self = .anyone
        case "user": self = .user
        default:
            guard let role = Role(rawValue: text) else { return nil }
            self = .role(role)
        }
    }
}

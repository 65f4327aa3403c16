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
        default: return false
        }
        return true
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

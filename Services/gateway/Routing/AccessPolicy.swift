import WireProtocol

/// Who may make a call.
enum Access: Sendable, Hashable {
    case anyone
    /// Whoever has a valid token.
    case user
    /// Whoever has this role, or one that may do more.
    case role(Role)
}

/// One rule of who may do what.
struct AccessRule: Sendable, Hashable {
    var paths: [PathPattern]
    /// HEAD goes with GET.
    var methods: Set<Method>
    var access: Access
    /// How its calls are counted; by method when it does not say.
    var rate: RateClass?
    /// Protocols, in lower case, that a connection may change to by such a call (RFC 9110 §7.8).
    var upgrades: Set<String> = []
}

/// Who may make which calls: the first rule that names path and method decides. Deny by default: what no rule names
/// needs a valid token.
struct AccessPolicy: Sendable, Equatable {
    private struct Allowed: Sendable, Equatable {
        var methods: UInt8
        var access: Access
        var rate: RateClass?
    }

    private struct Upgrades: Sendable, Equatable {
        var methods: UInt8
        var protocols: Set<String>
    }

    private var table = PathTable<Allowed>()
    /// The same rules, apart, since few calls ask.
    private var upgrades = PathTable<Upgrades>()

    init(_ rules: [AccessRule] = Self.standard) {
        for rule in rules {
            let allowed = Allowed(methods: rule.methods.reduce(0) { $0 | $1.bit }, access: rule.access, rate: rule.rate)
            for pattern in rule.paths {
                table.append(pattern.path, coversBelow: pattern.coversBelow, allowed)
                upgrades.append(
                    pattern.path, coversBelow: pattern.coversBelow,
                    Upgrades(methods: allowed.methods, protocols: rule.upgrades))
            }
        }
    }

    /// What a connection may change to by a call.
    func upgrades(_ method: Method, _ path: UnsafeRawBufferPointer) -> Set<String> {
        upgrades.first(covering: path) { $0.methods & method.bit != 0 }?.protocols ?? []
    }

    /// Who may make a call, and how it is counted.
    func rule(_ method: Method, _ path: UnsafeRawBufferPointer) -> (access: Access, rate: RateClass) {
        let bit = (method == .head ? Method.get : method).bit
        let allowed = table.first(covering: path) { $0.methods & bit != 0 }
        let isReading = method == .get || method == .head || method == .options
        return (allowed?.access ?? .user, allowed?.rate ?? (isReading ? .read : .write))
    }

    /// Reading content and media is open here because only the services know what is published;
    /// they look at the token, if there is one, themselves. The URL of an upload's part is its own permission, by the
    /// signature in it. What is open altogether is so for all methods: the service tells which ones there are.
    static let standard: [AccessRule] = [
        AccessRule(
            paths: [
                "/auth/signup", "/auth/login", "/auth/refresh", "/auth/password/forgot", "/auth/password/reset",
                "/auth/email/verify", "/auth/login/two-factor", "/auth/login/enrolment",
                "/auth/login/enrolment/confirm",
            ].compactMap { PathPattern($0) }, methods: Set(Method.allCases), access: .anyone, rate: .login),
        AccessRule(
            paths: [
                "/auth/.well-known/jwks.json", "/media/uploads/*/parts/*", "/health", "/openapi.json", "/docs/*",
            ].compactMap { PathPattern($0) }, methods: Set(Method.allCases), access: .anyone),
        AccessRule(
            paths: ["/content/*", "/knowledge/*", "/graph/*", "/media/*"].compactMap { PathPattern($0) },
            methods: [.get], access: .anyone),
    ]
}

extension Method {
    fileprivate var bit: UInt8 { 1 << rawValue }
}

import WireProtocol

extension KratosAdmin {
    /// Brings an identity level with its account here: name, role, whether it is shut, and that its address was verified.
    /// One that is gone stays gone.
    func follow(_ account: User, _ id: Identifier) async throws {
        guard let identity = try await identity(id) else { return }
        var metadata: [String: JSONValue] = [:]
        if case .object(let fields) = identity.metadata { metadata = fields }
        metadata["role"] = .string(account.role.rawValue)
        var patch: [JSONValue] = [
            .put("/traits/name", .string(account.displayName ?? "")), .put("/metadata_public", .object(metadata)),
            .put("/state", .string(account.isDisabled ? "inactive" : "active")),
        ]
        if account.isEmailVerified { patch += identity.verification(of: account.email) }
        guard try await change(id, patch) else { return }
        if account.isDisabled { try await endSessions(of: id) }
    }
}

extension KratosIdentity {
    /// Marks an address of the identity as verified; nothing when it is, or is not the identity's any more.
    fileprivate func verification(of email: String) -> [JSONValue] {
        let all = addresses ?? []
        guard let index = all.firstIndex(where: { $0.value.lowercased() == email.lowercased() }), !all[index].verified
        else { return [] }
        let path = "/verifiable_addresses/\(index)"
        return [
            .operation("test", "\(path)/value", .string(all[index].value)),
            .operation("replace", "\(path)/verified", .bool(true)),
            .operation("replace", "\(path)/status", .string("completed")),
        ]
    }
}

extension JSONValue {
    /// An operation of JSON Patch (RFC 6902 §4).
    fileprivate static func operation(_ name: String, _ path: String, _ value: JSONValue) -> JSONValue {
        .object(["op": .string(name), "path": .string(path), "value": value])
    }

    /// Adds a member, or puts another value in its place.
    fileprivate static func put(_ path: String, _ value: JSONValue) -> JSONValue {
        operation("add", path, value)
    }
}

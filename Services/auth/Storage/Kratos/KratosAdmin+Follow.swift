import WireProtocol

extension KratosAdmin {
    /// Brings an identity level with its account here: name, role, whether it is shut, and that its address was verified.
    /// One that is gone stays gone. What is level is left as it is, since another schema may have another form for it.
    ///
    /// - Parameter enabling: whether to open it when it is shut and the account is not: it may be Kratos that has shut it.
    func follow(_ account: User, _ id: Identifier, enabling: Bool) async throws {
        guard let identity = try await identity(id) else { return }
        let patch = identity.differences(from: account, enabling: enabling)
        if !patch.isEmpty { guard try await change(id, patch) else { return } }
        if account.isDisabled { try await endSessions(of: id) }
    }
}

extension KratosIdentity {
    /// What makes the identity as the account is.
    fileprivate func differences(from account: User, enabling: Bool) -> [JSONValue] {
        var patch: [JSONValue] = []
        if self.account?.displayName != account.displayName {
            patch.append(.put("/traits/name", .string(account.displayName ?? "")))
        }
        if self.account?.role != account.role {
            var fields: [String: JSONValue] = [:]
            if case .object(let known) = metadata { fields = known }
            fields["role"] = .string(account.role.rawValue)
            patch.append(.put("/metadata_public", .object(fields)))
        }
        let isShut = state == "inactive"
        if account.isDisabled, !isShut { patch.append(.put("/state", .string("inactive"))) }
        if !account.isDisabled, isShut, enabling { patch.append(.put("/state", .string("active"))) }
        return account.isEmailVerified ? patch + verification(of: account.email) : patch
    }

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

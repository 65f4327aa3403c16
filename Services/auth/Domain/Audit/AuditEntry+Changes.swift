import WireProtocol

extension AuditEntry {
    /// What an administrator's change was, one entry for each thing that changed.
    static func entries(from old: User, to new: User, by actor: Identifier?, from origin: Origin) -> [AuditEntry] {
        func entry(_ action: AuditAction, _ detail: [String: JSONValue] = [:]) -> AuditEntry {
            AuditEntry(action: action, actor: actor, target: new.id, origin: origin, detail: detail)
        }
        var entries: [AuditEntry] = []
        if new.role != old.role {
            let roles = ["from": old.role, "to": new.role].mapValues { JSONValue.string($0.rawValue) }
            entries.append(entry(.roleChanged, roles))
        }
        if new.isDisabled != old.isDisabled { entries.append(entry(new.isDisabled ? .disabled : .enabled)) }
        if new.displayName != old.displayName { entries.append(entry(.changed, ["field": .string("display_name")])) }
        return entries
    }
}

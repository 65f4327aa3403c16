extension PoolState {
    var queued: Int { statements.count + leases.count }
    var open: Int { slots.count { $0.phase == .open } }
    var leased: Int { slots.count { $0.use == .leased } }
    var inFlight: Int { slots.reduce(0) { $0 + $1.inFlight } }

    /// The least loaded of the shared connections that are not held up.
    func slotForStatement(now: MonotonicTime) -> Int? {
        var best: Int?
        var least = limits.depth
        for index in slots.indices where slots[index].takesStatements && slots[index].inFlight < least {
            if slots[index].inFlight > 0, slots[index].headSince.advanced(by: limits.stall) < now { continue }
            best = index
            least = slots[index].inFlight
        }
        return best
    }

    /// An idle connection for the first lease that waits. As long as there is none, enough busy ones are reserved, that
    /// is get no further statements, so that they become idle even under load.
    mutating func slotForLease() -> Int? {
        let reserved = slots.indices.filter { slots[$0].use == .reserved }
        for index in reserved.dropFirst(leases.count) { slots[index].use = .shared }
        if leases.isEmpty { return nil }

        if let index = slots.firstIndex(where: { $0.use == .reserved && $0.isIdle }) { return index }
        guard slots.count(where: { $0.use != .shared }) < limits.leases else { return nil }
        if let index = slots.firstIndex(where: { $0.use == .shared && $0.isIdle }) { return index }

        if reserved.count < leases.count {
            let busy = slots.indices.filter { slots[$0].takesStatements }
            if let index = busy.min(by: { slots[$0].inFlight < slots[$1].inFlight }) { slots[index].use = .reserved }
        }
        return nil
    }

    /// While connecting fails, one attempt at a time; else as many as there is work for.
    var wantsConnection: Bool {
        let dialling = slots.count { $0.phase == .dialling }
        if backoff.failures > 0, dialling > 0 { return false }
        if queued > 0 { return dialling < queued }
        let shared = slots.filter(\.takesStatements)
        return dialling == 0 && !shared.contains { $0.inFlight == 0 } && shared.contains { $0.inFlight > 1 }
    }
}

extension PoolState.Slot {
    var takesStatements: Bool { phase == .open && use == .shared && !isQuarantined }
    var isIdle: Bool { phase == .open && inFlight == 0 && !isQuarantined }
}

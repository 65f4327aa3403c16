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
            let runs = now.nanoseconds - slots[index].headSince.nanoseconds
            if slots[index].inFlight > 0, runs > limits.stallNanoseconds { continue }
            best = index
            least = slots[index].inFlight
        }
        return best
    }

    /// An idle connection for the first lease that waits. As long as there is none, enough busy ones are reserved, that
    /// is get no further statements, so that they become idle even under load.
    mutating func slotForLease() -> Int? {
        if leases.isEmpty, !hasReservations { return nil }
        let reserved = slots.indices.filter { slots[$0].use == .reserved }
        for index in reserved.dropFirst(leases.count) { slots[index].use = .shared }
        hasReservations = !reserved.isEmpty
        if leases.isEmpty { return nil }

        if let index = slots.firstIndex(where: { $0.use == .reserved && $0.isIdle }) { return index }
        guard slots.count(where: { $0.use != .shared }) < limits.leases else { return nil }
        if let index = slots.firstIndex(where: { $0.use == .shared && $0.isIdle }) { return index }

        let busy = slots.indices.filter { slots[$0].takesStatements }
        if reserved.count < leases.count, let index = busy.min(by: { slots[$0].inFlight < slots[$1].inFlight }) {
            slots[index].use = .reserved
            hasReservations = true
        }
        return nil
    }

    /// While connecting fails, one attempt at a time; else as many as there is work for.
    var wantsConnection: Bool {
        var dialling = 0
        var hasIdle = false
        var hasShared = false
        for slot in slots {
            if slot.phase == .dialling { dialling += 1 }
            if slot.takesStatements {
                hasIdle = hasIdle || slot.inFlight == 0
                hasShared = hasShared || slot.inFlight > 1
            }
        }
        if backoff.failures > 0, dialling > 0 { return false }
        return queued > 0 ? dialling < queued : dialling == 0 && hasShared && !hasIdle
    }
}

extension PoolState.Slot {
    var takesStatements: Bool { phase == .open && use == .shared && !isQuarantined }
    var isIdle: Bool { phase == .open && inFlight == 0 && !isQuarantined }
}

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
            if isHeldUp(slots[index], now: now) { continue }
            best = index
            least = slots[index].inFlight
        }
        return best
    }

    private func isHeldUp(_ slot: Slot, now: MonotonicTime) -> Bool {
        slot.inFlight > 0 && now.nanoseconds - slot.headSince.nanoseconds > limits.stallNanoseconds
    }

    /// An idle connection for the first lease that waits. As long as there is none, enough busy ones are reserved, that
    /// is get no further statements, so that they become idle even under load.
    mutating func slotForLease(now: MonotonicTime) -> Int? {
        if leases.isEmpty, !hasReservations { return nil }
        var reserved = slots.indices.filter { slots[$0].use == .reserved }
        while reserved.count > leases.count { slots[reserved.removeLast()].use = .shared }
        hasReservations = !reserved.isEmpty
        if leases.isEmpty { return nil }

        if let index = reserved.first(where: { slots[$0].isIdle }) { return index }
        let mayTakeMore = slots.count { $0.use != .shared } < limits.leases
        if let index = slots.firstIndex(where: { $0.use == .shared && $0.isIdle }) {
            if mayTakeMore { return index }
            guard let held = reserved.last else { return nil }
            slots[held].use = .shared
            return index
        }
        if mayTakeMore, reserved.count < leases.count, let index = slotToReserve(now: now) {
            slots[index].use = .reserved
            hasReservations = true
        }
        return nil
    }

    /// The one that will be idle first, as far as one can know.
    private func slotToReserve(now: MonotonicTime) -> Int? {
        let busy = slots.indices.filter { slots[$0].takesStatements }
        let running = busy.filter { !isHeldUp(slots[$0], now: now) }
        return (running.isEmpty ? busy : running).min { slots[$0].inFlight < slots[$1].inFlight }
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

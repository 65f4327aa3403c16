import Testing

@testable import Auth

@Suite("The hashing pool")
struct PasswordHasherTests {
    @Test("refuses at once what exceeds its queue, and serves again when that has drained")
    func isBounded() async throws {
        let hasher = PasswordHasher(cost: 10, threads: 1, queue: 2)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    do {
                        _ = try await hasher.hash("seven brown owls")
                        return true
                    } catch {
                        #expect(error as? AuthError == .busy)
                        return false
                    }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.filter { $0 }.count >= 3)
        #expect(outcomes.contains(false))
        let hash = try await hasher.hash("seven brown owls")
        #expect(try await hasher.verify("seven brown owls", against: hash))
    }

    @Test("spends the same on a wrong password whatever there is to compare it with")
    func spendsAlike() async throws {
        let hasher = PasswordHasher(cost: 7, threads: 1, queue: 0)
        for hash in [
            nil, try Bcrypt.hash("right", cost: 4), try Bcrypt.hash("right", cost: 6),
            try Bcrypt.hash("right", cost: 7),
        ] {
            let before = hasher.rounds
            #expect(try await !hasher.verify("wrong", against: hash))
            #expect(hasher.rounds - before == 1 << 7)
        }
    }

    @Test("spends on all wrong passwords what the dearest hash costs")
    func spendsMost() async throws {
        let hasher = PasswordHasher(cost: 5, threads: 1, queue: 0)
        for hash in [nil, try Bcrypt.hash("right", cost: 4), try Bcrypt.hash("right", cost: 7)] {
            let before = hasher.rounds
            #expect(try await !hasher.verify("wrong", against: hash, spending: 7))
            #expect(hasher.rounds - before == 1 << 7)
            #expect(try await hasher.verify("right", against: hash, spending: 7) == (hash != nil))
            #expect(hasher.rounds - before == 2 << 7)
        }
    }

    @Test("knows hashes of fewer or more rounds than are asked for")
    func outdated() throws {
        let hasher = PasswordHasher(cost: 5, threads: 1, queue: 0)
        #expect(hasher.isOutdated(try Bcrypt.hash("seven brown owls", cost: 4)))
        #expect(hasher.isOutdated(try Bcrypt.hash("seven brown owls", cost: 6)))
        #expect(!hasher.isOutdated(try Bcrypt.hash("seven brown owls", cost: 5)))
    }
}

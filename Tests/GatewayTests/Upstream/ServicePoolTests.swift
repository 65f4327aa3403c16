import NIOCore
import Testing

@testable import Gateway

@Suite struct ServicePoolTests {
    final class Connection {}
    final class Request {}
    typealias Pool = ServicePool<Connection, Request>

    private var random = RandomSource(seed: 1)
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let limits = PoolLimits(
        concurrentRequests: 4, queuedRequests: 2, queueTime: .seconds(1), idleTime: .seconds(30))

    private func address(_ number: Int) throws -> SocketAddress {
        try SocketAddress(ipAddress: "127.0.0.1", port: 1000 + number)
    }

    private func pool(_ health: [EndpointHealth]) throws -> Pool {
        var pool = Pool(limits: limits)
        _ = pool.use(try health.enumerated().map { EndpointState(address: try address($0), health: $1) }, now: start)
        return pool
    }

    /// Admits one and says which endpoint it was given.
    private mutating func connect(_ pool: inout Pool, at time: NIODeadline? = nil) throws -> EndpointID {
        switch pool.admit(Request(), now: time ?? start, using: &random) {
        case .connect(let id, _): return id
        case .reuse(_, let id): return id
        default: throw Unexpected()
        }
    }

    private struct Unexpected: Error {}

    @Test mutating func aReturnedConnectionIsUsedAgainLastFirst() throws {
        var pool = try pool([.up])
        let (one, other) = (Connection(), Connection())
        let id = try connect(&pool)
        _ = try connect(&pool)
        let kept = [one, other].map { pool.release(id, connection: $0, now: start) }
        #expect(kept == [true, true])
        guard case .reuse(let used, _) = pool.admit(Request(), now: start, using: &random) else { throw Unexpected() }
        #expect(used === other)
    }

    @Test mutating func aConnectionTheServiceClosedIsNotGivenOut() throws {
        var pool = try pool([.up])
        let connection = Connection()
        let id = try connect(&pool)
        _ = pool.release(id, connection: connection, now: start)
        pool.lost(connection, of: id)
        guard case .connect = pool.admit(Request(), now: start, using: &random) else { throw Unexpected() }
    }

    @Test mutating func connectionsIdleForTooLongAreHandedOut() throws {
        var pool = try pool([.up])
        let connection = Connection()
        _ = pool.release(try connect(&pool), connection: connection, now: start)
        let stale = (29...31).map { pool.staleConnections(now: start + .seconds($0)) }
        #expect(stale.map(\.count) == [0, 1, 0])
        #expect(stale[1].first === connection)
    }

    @Test mutating func requestsOverTheLimitWaitTheirTurnAndThoseOverTheQueueAreRefused() throws {
        var pool = try pool([.up])
        let ids = try (0..<4).map { _ in try connect(&pool) }
        let (first, second) = (Request(), Request())
        guard case .queued = pool.admit(first, now: start, using: &random),
            case .queued = pool.admit(second, now: start, using: &random),
            case .refused(.full) = pool.admit(Request(), now: start, using: &random)
        else { throw Unexpected() }
        #expect(pool.nextWaiter() == nil)
        _ = pool.release(ids[0], connection: nil, now: start)
        #expect(pool.nextWaiter() === first)
        _ = pool.assign(now: start, using: &random)
        #expect(pool.nextWaiter() == nil)
        #expect(pool.inWork == 4)
    }

    @Test mutating func whoWaitsTooLongOrLeavesIsOut() throws {
        var pool = try pool([.up])
        for _ in 0..<4 { _ = try connect(&pool) }
        let (first, second) = (Request(), Request())
        _ = pool.admit(first, now: start, using: &random)
        _ = pool.admit(second, now: start + .milliseconds(500), using: &random)
        #expect(pool.expiredWaiters(now: start + .milliseconds(999)).isEmpty)
        #expect(pool.expiredWaiters(now: start + .seconds(1)).map(ObjectIdentifier.init) == [ObjectIdentifier(first)])
        pool.cancel(second)
        #expect(pool.queued == 0)
    }

    @Test mutating func aServiceWithoutAUsableEndpointIsRefusedAtOnce() throws {
        for health in [[], [EndpointHealth.down], [.down, .down]] {
            var pool = try pool(health)
            for endpoint in pool.endpoints { pool.connectFailed(endpoint.id, now: start) }
            guard case .refused(.noEndpoint) = pool.admit(Request(), now: start, using: &random) else {
                throw Unexpected()
            }
            #expect(pool.inWork == 0)
        }
    }

    @Test mutating func whereAllAreDownThoseThatCanBeConnectedToAreAsked() throws {
        for health in [[EndpointHealth.down], [.down, .down], [.down, .down, .down]] {
            var pool = try pool(health)
            if health.count == 3 { pool.connectFailed(EndpointID(rawValue: 2), now: start) }
            var used: Set<Int> = []
            for _ in 0..<100 {
                let id = try connect(&pool)
                used.insert(id.rawValue)
                _ = pool.release(id, connection: nil, now: start)
            }
            #expect(used == Set(0..<min(health.count, 2)))
            // Not the same one again for a request that it failed, and none when they all did.
            let failed = [EndpointID(rawValue: 0), EndpointID(rawValue: 1)]
            guard case .refused(.noEndpoint) = pool.retry(now: start, after: failed, mayStay: false, using: &random)
            else { throw Unexpected() }
        }
    }

    @Test mutating func theLessLoadedOfTwoIsTaken() throws {
        var pool = try pool([.up, .up])
        let first = try connect(&pool)
        for _ in 0..<20 {
            let second = try connect(&pool)
            #expect(second != first)
            _ = pool.release(second, connection: nil, now: start)
        }
    }

    @Test mutating func anEndpointThatIsDownGetsNothing() throws {
        var pool = try pool([.down, .up, .unknown])
        for _ in 0..<100 {
            let id = try connect(&pool)
            #expect(id.rawValue != 0)
            _ = pool.release(id, connection: nil, now: start)
        }
    }

    @Test mutating func afterAFailedConnectOthersArePreferredForAWhile() throws {
        var pool = try pool([.up, .up])
        pool.connectFailed(EndpointID(rawValue: 0), now: start)
        for _ in 0..<20 {
            let id = try connect(&pool, at: start + .milliseconds(499))
            #expect(id.rawValue == 1)
            _ = pool.release(id, connection: nil, now: start)
        }
        var used: Set<EndpointID> = []
        for _ in 0..<50 {
            let id = try connect(&pool, at: start + .milliseconds(501))
            used.insert(id)
            _ = pool.release(id, connection: nil, now: start)
        }
        #expect(used.count == 2)
    }

    @Test mutating func theOnlyEndpointIsTriedAgainHoweverOftenConnectingFailed() throws {
        var pool = try pool([.up])
        for _ in 0..<10 { pool.connectFailed(EndpointID(rawValue: 0), now: start) }
        #expect(try connect(&pool).rawValue == 0)
    }

    @Test mutating func anotherTryGoesElsewhere() throws {
        var pool = try pool([.up, .up])
        for _ in 0..<20 {
            let decision = pool.retry(now: start, after: [EndpointID(rawValue: 0)], mayStay: true, using: &random)
            guard case .connect(let id, _) = decision else { throw Unexpected() }
            #expect(id.rawValue == 1)
            _ = pool.release(id, connection: nil, now: start)
        }
    }

    @Test mutating func noEndpointThatFailedARequestHasItAgainWhileThereIsAnother() throws {
        var pool = try pool([.up, .up, .up])
        // The third one failed others just now, and yet it may be the one that serves.
        pool.connectFailed(EndpointID(rawValue: 2), now: start)
        for _ in 0..<20 {
            let failed = [EndpointID(rawValue: 0), EndpointID(rawValue: 1)]
            guard case .connect(let id, _) = pool.retry(now: start, after: failed, mayStay: false, using: &random)
            else {
                throw Unexpected()
            }
            #expect(id.rawValue == 2)
            _ = pool.release(id, connection: nil, now: start)
        }
    }

    @Test mutating func theOnlyEndpointIsTriedAgainOnANewConnectionAndOnlyIfItMayBe() throws {
        var pool = try pool([.up])
        let kept = Connection()
        _ = pool.release(try connect(&pool), connection: kept, now: start)
        let failed = [EndpointID(rawValue: 0)]
        guard case .connect = pool.retry(now: start, after: failed, mayStay: true, using: &random),
            case .refused(.noEndpoint) = pool.retry(now: start, after: failed, mayStay: false, using: &random)
        else { throw Unexpected() }
    }

    @Test mutating func retriesEndWithTheirBudget() throws {
        var pool = Pool(limits: limits)
        _ = pool.use([EndpointState(address: try address(0), health: .up)], now: start)
        var tries = 0
        while case .connect(let id, _) = pool.retry(
            now: start, after: [EndpointID(rawValue: 9)], mayStay: false, using: &random)
        {
            _ = pool.release(id, connection: nil, now: start)
            tries += 1
            try #require(tries < 1000)
        }
        #expect(tries == 100)
        guard case .connect = pool.admit(Request(), now: start, using: &random) else { throw Unexpected() }
    }

    @Test mutating func aServiceThatAnswersNobodyIsLeftAloneForAWhile() throws {
        var pool = try pool([.up])
        for _ in 0..<20 { pool.ended(answered: false, now: start) }
        guard case .refused(.circuitOpen) = pool.admit(Request(), now: start, using: &random),
            case .connect = pool.admit(Request(), now: start + .seconds(2), using: &random)
        else { throw Unexpected() }
    }

    @Test mutating func anEndpointThatWentIsDrained() throws {
        var pool = try pool([.up, .up])
        let (idle, busy) = (Connection(), Connection())
        let id = try connect(&pool)
        while pool.inWork < 2 || pool.endpoints[id.rawValue].outstanding < 2 { _ = try connect(&pool) }
        _ = pool.release(id, connection: idle, now: start)
        let other = try address(1 - id.rawValue)
        let orphans = pool.use([EndpointState(address: other, health: .up)], now: start)
        #expect(orphans.first === idle)
        #expect(pool.endpoints.count == 2)
        let isKept = pool.release(id, connection: busy, now: start)
        #expect(!isKept)
        #expect(pool.endpoints.map(\.address) == [other])
        // Back again it is another endpoint, whatever becomes of the first one's requests.
        _ = pool.use(try [0, 1].map { EndpointState(address: try address($0), health: .up) }, now: start)
        #expect(pool.endpoints.map(\.id.rawValue).sorted() == [1 - id.rawValue, 2])
    }

    @Test mutating func theBooksBalanceWhateverHappens() throws {
        for seed in UInt64(0)..<50 {
            var dice = RandomSource(seed: seed)
            var pool = try pool([.up, .up, .up])
            var time = start
            var running: [(EndpointID, Connection)] = []
            for _ in 0..<500 {
                time = time + .milliseconds(Int64.random(in: 0..<200, using: &dice))
                switch Int.random(in: 0..<8, using: &dice) {
                case 0...3:
                    switch pool.admit(Request(), now: time, using: &dice) {
                    case .connect(let id, _): running.append((id, Connection()))
                    case .reuse(let connection, let id): running.append((id, connection))
                    case .queued, .refused: break
                    }
                case 4, 5:
                    guard !running.isEmpty else { continue }
                    let (id, connection) = running.remove(at: Int.random(in: 0..<running.count, using: &dice))
                    _ = pool.release(id, connection: Bool.random(using: &dice) ? connection : nil, now: time)
                    while pool.nextWaiter() != nil {
                        switch pool.assign(now: time, using: &dice) {
                        case .connect(let id, _): running.append((id, Connection()))
                        case .reuse(let connection, let id): running.append((id, connection))
                        case .queued, .refused: break
                        }
                    }
                case 6:
                    let health: [EndpointHealth] = [.up, .down, .unknown]
                    let states = try (0..<4).filter { _ in Bool.random(using: &dice) }.map {
                        EndpointState(address: try address($0), health: health.randomElement(using: &dice) ?? .up)
                    }
                    _ = pool.use(states, now: time)
                default:
                    _ = pool.expiredWaiters(now: time)
                    _ = pool.staleConnections(now: time)
                }
                #expect(pool.inWork == running.count)
                #expect(pool.inWork <= limits.concurrentRequests)
                #expect(pool.queued <= limits.queuedRequests)
                #expect(pool.endpoints.reduce(0) { $0 + $1.outstanding } == running.count)
            }
        }
    }
}

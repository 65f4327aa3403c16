import NIOCore
import Testing

@testable import Gateway

/// Endpoints that answer badly, seen by the pool: a simulated clock and simulated endpoints.
@Suite struct EjectionTests {
    final class Connection {}
    final class Request {}
    typealias Pool = ServicePool<Connection, Request>

    private var random = RandomSource(seed: 1)
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func states(_ count: Int) throws -> [EndpointState] {
        try (0..<count).map {
            EndpointState(address: try SocketAddress(ipAddress: "127.0.0.1", port: 1000 + $0), health: .up)
        }
    }

    private func pool(_ count: Int) throws -> Pool {
        var pool = Pool(limits: PoolLimits())
        _ = pool.use(try states(count), now: start)
        return pool
    }

    private struct Unexpected: Error {}

    /// Where each of so many requests, one after the other, goes.
    private mutating func shares(_ pool: inout Pool, of count: Int, at time: NIODeadline) throws -> [Int: Int] {
        var shares: [Int: Int] = [:]
        for _ in 0..<count {
            guard case .connect(let id, _) = pool.admit(Request(), now: time, using: &random) else {
                throw Unexpected()
            }
            shares[id.rawValue, default: 0] += 1
            _ = pool.release(id, connection: nil, now: time)
        }
        return shares
    }

    private func fail(_ pool: inout Pool, _ endpoint: Int, times: Int = 5, at time: NIODeadline) {
        for _ in 0..<times { pool.failed(EndpointID(rawValue: endpoint), now: time) }
    }

    @Test mutating func anEndpointThatFailsFiveTimesInARowIsLeftOut() throws {
        var pool = try pool(3)
        fail(&pool, 0, times: 4, at: start)
        #expect(try shares(&pool, of: 100, at: start)[0] != nil)
        fail(&pool, 0, times: 1, at: start)
        #expect(try shares(&pool, of: 100, at: start)[0] == nil)
    }

    @Test mutating func aGoodAnswerInBetweenBeginsTheCountAnew() throws {
        var pool = try pool(3)
        for _ in 0..<10 {
            fail(&pool, 0, times: 4, at: start)
            pool.answered(EndpointID(rawValue: 0), status: 500, after: .seconds(1), now: start)
        }
        #expect(try shares(&pool, of: 100, at: start)[0] != nil)
    }

    @Test(arguments: [(UInt16(502), 0), (503, 0), (504, 0), (200, 10), (404, 11)] as [(UInt16, Int64)])
    mutating func answersThatSayItCantServeOrComeLateCount(_ status: UInt16, _ seconds: Int64) throws {
        var pool = try pool(2)
        for _ in 0..<5 {
            pool.answered(EndpointID(rawValue: 0), status: status, after: .seconds(seconds), now: start)
        }
        #expect(try shares(&pool, of: 100, at: start) == [1: 100])
    }

    @Test mutating func neverAreMoreThanHalfLeftOut() throws {
        for count in 1...6 {
            var pool = try pool(count)
            for endpoint in 0..<count { fail(&pool, endpoint, at: start) }
            #expect(try shares(&pool, of: 300, at: start).count == count - count / 2)
        }
    }

    @Test mutating func eachTimeItIsLeftOutForTwiceAsLong() throws {
        var pool = try pool(2)
        var time = start
        for seconds in [5, 10, 20, 40, 80, 160, 300, 300] as [Int64] {
            fail(&pool, 0, at: time)
            time = time + .seconds(seconds)
            #expect(try shares(&pool, of: 200, at: time - .milliseconds(1))[0] == nil)
            #expect(try shares(&pool, of: 500, at: time)[0] != nil)
        }
    }

    @Test mutating func onceItHasServedWellForThatLongItsPastIsForgotten() throws {
        var pool = try pool(2)
        for seconds in [0, 5, 15] as [Int64] { fail(&pool, 0, at: start + .seconds(seconds)) }
        let back = start + .seconds(55)
        pool.answered(EndpointID(rawValue: 0), status: 200, after: .zero, now: back)
        fail(&pool, 0, at: back)
        #expect(try shares(&pool, of: 200, at: back + .milliseconds(4999))[0] == nil)
        #expect(try shares(&pool, of: 500, at: back + .seconds(5))[0] != nil)
    }

    @Test mutating func oneThatComesBackIsGivenMoreAndMore() throws {
        var pool = try pool(2)
        fail(&pool, 0, at: start)
        let parts = try [5, 8, 11, 16].map { try shares(&pool, of: 1000, at: start + .seconds($0))[0] ?? 0 }
        #expect(parts[0] > 10 && parts[0] < 100)
        #expect(parts[1] > parts[0] && parts[2] > parts[1] && parts[3] > parts[2])
        #expect(parts[3] > 400 && parts[3] < 600)
    }

    @Test mutating func oneThatJoinsOthersIsGivenMoreAndMoreAndThoseThereFromTheStartTheWhole() throws {
        var pool = try pool(2)
        #expect(try shares(&pool, of: 1000, at: start).values.allSatisfy { $0 > 400 })
        _ = pool.use(try states(3), now: start)
        let early = try shares(&pool, of: 1000, at: start + .seconds(1))[2] ?? 0
        let late = try shares(&pool, of: 1000, at: start + .seconds(10))[2] ?? 0
        #expect(early < 100 && late > 250)
    }

    @Test mutating func leavingAllOutIsNoAnswer() throws {
        var pool = try pool(2)
        fail(&pool, 0, at: start)
        pool.connectFailed(EndpointID(rawValue: 1), now: start)
        #expect(try shares(&pool, of: 100, at: start).values.reduce(0, +) == 100)
    }
}

import ServiceKit
import Testing

@testable import Content

@Suite("What Bolt's client decides without a server")
struct BoltRulesTests {
    @Test(
        "transactions are tried again after what passes, and nothing else",
        arguments: [
            ("Neo.TransientError.Transaction.DeadlockDetected", true), ("Neo.TransientError.General.OutOfMemory", true),
            ("Neo.TransientError.Transaction.Terminated", false),
            ("Neo.TransientError.Transaction.LockClientStopped", false),
            ("Neo.ClientError.Security.AuthorizationExpired", true), ("Neo.ClientError.Security.Unauthorized", false),
            ("Neo.ClientError.Cluster.NotALeader", true),
            ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", true),
            ("Neo.ClientError.Statement.SyntaxError", false), ("Neo.DatabaseError.General.UnknownError", false),
            ("Neo.ClientError.Schema.ConstraintValidationFailed", false), ("", false),
        ])
    func retryable(code: String, isRetryable: Bool) {
        #expect(BoltError.server(BoltServerError(code: code, message: "m")).isRetryable == isRetryable)
    }

    @Test("so they are without a connection, but not when the commit may have taken place")
    func lost() {
        #expect(BoltError.connection("x").isRetryable && BoltError.routing("x").isRetryable)
        for error in [BoltError.commitUnknown("x"), .unreachable, .exhausted, .closed, .violation("x"), .versions("x")]
        {
            #expect(!error.isRetryable)
        }
    }

    @Test("the pauses double, a fifth more or less, and none ends later than ten seconds after the first failure")
    func pauses() {
        var retry = BoltRetry()
        let start = ContinuousClock().now
        let pause = { (seconds: Int, chance: Double) in
            retry.pause(now: start + .seconds(seconds), chance: chance)?.milliseconds.rounded()
        }
        #expect(pause(0, 0) == 1_000)
        #expect(pause(1, 1) == 2_400)
        #expect(pause(4, -1) == 3_200)
        #expect(pause(7, 0) == nil)
    }

    @Test("after ten seconds without a connection one a second tries for all, until there is one")
    func reachability() {
        var reachability = BoltReachability()
        let start = ContinuousClock().now
        let admitted = { (seconds: Double) in reachability.admits(now: start + .seconds(seconds)) }
        #expect(admitted(0))
        reachability.missed(since: start)
        #expect(admitted(0) && admitted(9.9))
        #expect(!reachability.isLost(now: start + .seconds(9.9)) && reachability.isLost(now: start + .seconds(10)))
        reachability.missed(since: start + .seconds(9.9))
        #expect([10, 10.5, 10.9, 11, 11.1].map(admitted) == [true, false, false, true, false])
        reachability.reached()
        #expect(admitted(11.1) && admitted(11.1))
        reachability.missed(since: start + .seconds(11.2))
        #expect(admitted(21.1))
    }

    @Test("a routing table is read by roles")
    func table() throws {
        let table = try RoutingTable([
            "rt": [
                "ttl": 300,
                "servers": [
                    ["role": "ROUTE", "addresses": ["a:1", "b:2"]], ["role": "READ", "addresses": ["b:2"]],
                    ["role": "WRITE", "addresses": ["a:1"]], ["role": "FUTURE", "addresses": ["c:3"]],
                ],
            ]
        ])
        let (a, b) = (BoltAddress(host: "a", port: 1), BoltAddress(host: "b", port: 2))
        #expect(table.routers == [a, b] && table.lifetime == .seconds(300) && table.all == [a, b])
        #expect(table.servers(for: .read) == [b] && table.servers(for: .write) == [a])
        var changed = table
        changed.forgetWriter(a)
        #expect(changed.servers(for: .write).isEmpty && changed.routers == [a, b])
        changed.forget(b)
        #expect(changed.servers(for: .read).isEmpty && changed.routers == [a])
    }

    @Test(
        "what is no routing table is refused",
        arguments: [
            [:], ["rt": 1], ["rt": ["ttl": -1, "servers": []]], ["rt": ["ttl": 1, "servers": []]],
            ["rt": ["ttl": 1, "servers": [1]]], ["rt": ["ttl": 1, "servers": [["role": "ROUTE"]]]],
            ["rt": ["ttl": 1, "servers": [["role": "READ", "addresses": ["a:1"]]]]],
        ] as [BoltMap])
    func noTable(metadata: BoltMap) {
        #expect(throws: BoltError.self) { try RoutingTable(metadata) }
    }
}

import FoundationEssentials
import HummingbirdTesting
import Postgres
import PostgresTesting
import Testing
import WireProtocol

@testable import Analytics

@Suite("Every acknowledged event counts exactly once", .enabled(if: TestDatabase.isAvailable))
struct ExactlyOnceTests {
    @Test("when the same batches come many times at once")
    func concurrentDuplicates() async throws {
        try await Fixture.run { analytics in
            let events = (0..<200).map { number in JSONValue.event("view", 1 + number % 3, "chapter-\(number % 7)") }
            let learner = try await analytics.student()
            let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
                for round in 0..<12 {
                    let some = round.isMultiple(of: 2) ? events : Array(events.reversed().prefix(150))
                    group.addTask {
                        let receipt = try await analytics.send(some, as: learner).json(.accepted)
                        #expect((receipt["accepted"].int ?? 0) + (receipt["duplicates"].int ?? 0) == some.count)
                        return receipt["accepted"].int ?? 0
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(accepted == 200)
            var views = 0
            for course in 1...3 {
                views += try await analytics.report("/analytics/engagement/\(course)")["totals"]["views"].int ?? 0
            }
            #expect(views == 200)
            #expect(try await analytics.count("SELECT count(*) FROM learning_events") == 200)
        }
    }

    @Test("when two learners claim the same id")
    func twoLearners() async throws {
        try await Fixture.run { analytics in
            let event = JSONValue.event()
            _ = try await analytics.send([event], as: try await analytics.student())
            let second = try await analytics.send([event], as: try await analytics.student())
            #expect(try second.json(.accepted) == ["accepted": 0, "duplicates": 1])
            #expect(try await analytics.report("/analytics/engagement/1")["totals"]["learners"] == 1)
        }
    }

    @Test("and none of a batch that the server lost half-way")
    func killedHalfWay() async throws {
        try await Fixture.run { analytics in
            let events = (0..<50).map { _ in JSONValue.event() }
            let last = try #require(events.compactMap { $0["id"].string }.max())
            let answer = try await analytics.send(events, against: last, .batchIsKilled)
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.headers[.retryAfter] != nil)
            #expect(try await analytics.get("/analytics/engagement/1").status == .notFound)
            for table: SQL in ["event_ids", "learning_events", "learner_days", "engagement_changes"] {
                #expect(try await analytics.count("SELECT count(*) FROM " + table) == 0, "\(table)")
            }
            let again = try await analytics.send(events)
            #expect(try again.json(.accepted) == ["accepted": 50, "duplicates": 0])
        }
    }

    @Test("when another batch with one of its ids comes first, or gives up")
    func contended() async throws {
        try await Fixture.run { analytics in
            let events = [JSONValue.event(), .event()]
            let id = try #require(events[0]["id"].string)
            let before = try await analytics.send(events, against: id, .otherGivesUp)
            #expect(try before.json(.accepted) == ["accepted": 2, "duplicates": 0])
            let more = [JSONValue.event(), .event()]
            let moreID = try #require(more[0]["id"].string)
            let after = try await analytics.send(more, against: moreID, .otherCommits)
            #expect(try after.json(.accepted) == ["accepted": 1, "duplicates": 1])
            #expect(try await analytics.report("/analytics/engagement/1")["totals"]["views"] == 3)
        }
    }

    @Test("while their month gets a partition of its own")
    func partitioning() async throws {
        try await Fixture.run { analytics in
            let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<6 {
                    group.addTask {
                        var accepted = 0
                        for month in 1...12 {
                            let time = "2021-\(month < 10 ? "0" : "")\(month)-0\(1 + writer)T12:00:00Z"
                            let events = (0..<10).map { _ in JSONValue.event(at: time) }
                            accepted += try await analytics.send(events).json(.accepted)["accepted"].int ?? 0
                        }
                        return accepted
                    }
                }
                group.addTask {
                    for _ in 0..<12 { try await PartitionStore(database: analytics.database).keep() }
                    return 0
                }
                return try await group.reduce(0, +)
            }
            #expect(accepted == 720)
            try await PartitionStore(database: analytics.database).keep()
            #expect(try await analytics.count("SELECT count(*) FROM learning_events") == 720)
            #expect(try await analytics.count("SELECT count(*) FROM learning_events_default") == 0)
            #expect(try await analytics.count("SELECT count(*) FROM learning_events_2021_07") == 60)
        }
    }
}

/// What happens while a batch waits for another with one of its ids.
private enum Turn {
    case otherCommits, otherGivesUp, batchIsKilled
}

private struct GivenUp: Error {
    let sending: Task<TestResponse, any Error>
}

extension Fixture {
    fileprivate func send(_ events: [JSONValue], against id: String, _ turn: Turn) async throws -> TestResponse {
        do {
            let sending = try await database.withTransaction { other in
                try await other.query("INSERT INTO event_ids (id) VALUES ($1::uuid)", [id])
                let holder: Int = try await other.query("SELECT pg_backend_pid()")[0][0]
                let sending = Task { try await send(events) }
                let waiting = try await backend(waitingFor: holder, asking: other)
                switch turn {
                case .otherCommits:
                    return sending
                case .otherGivesUp:
                    throw GivenUp(sending: sending)
                case .batchIsKilled:
                    try await other.query("SELECT pg_terminate_backend($1)", [waiting])
                    _ = try await sending.value
                    throw GivenUp(sending: sending)
                }
            }
            return try await sending.value
        } catch let error as GivenUp {
            return try await error.sending.value
        }
    }

    /// The process of the server that waits for a lock of another. Asked on the holder's own connection: on a shared
    /// one the question could stand behind the very statement that waits.
    private func backend(waitingFor holder: Int, asking holding: PostgresTransaction) async throws -> Int {
        try await eventually {
            try await holding.query(
                """
                SELECT pid
                  FROM pg_locks
                 WHERE NOT granted
                   AND $1 = ANY (pg_blocking_pids(pid))
                """, [holder]
            )
            .only?["pid"]
        }
    }
}

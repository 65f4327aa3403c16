import Postgres
import PostgresTesting
import Testing

@Suite(.enabled(if: TestDatabase.isAvailable))
struct NotificationTests {
    /// Notifies until somebody hears it, since listening begins a moment after it is asked for.
    private func notify(
        _ channel: String, _ payload: String, with client: PostgresClient, until heard: Counter, is count: Int
    )
        async throws
    {
        let isHeard = try await eventually {
            try await client.query("SELECT pg_notify($1, $2)", [channel, payload])
            return heard.value >= count
        }
        #expect(isHeard)
    }

    @Test func `payloads arrive, on the channel that was asked for`() async throws {
        try await withTestDatabase { client in
            let heard = Counter()
            let channel = #"odd "Name""#
            let notifications = client.notifications(on: channel)
            let listener = Task {
                for await payload in notifications {
                    #expect(payload == "ß")
                    heard.increment()
                }
            }
            try await client.query("SELECT pg_notify('other', 'wrong')")
            try await notify(channel, "ß", with: client, until: heard, is: 1)
            listener.cancel()
            await listener.value
        }
    }

    @Test func `it listens again after its connection was lost`() async throws {
        try await withTestDatabase(options: { $0.applicationName = "lyceum-relisten" }) { client in
            let heard = Counter()
            let notifications = client.notifications(on: "lesson")
            let listener = Task { for await _ in notifications { heard.increment() } }
            try await notify("lesson", "1", with: client, until: heard, is: 1)
            let killed = try await client.query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'lyceum-relisten' AND query LIKE 'LISTEN%'
                """)
            #expect(killed.count == 1)
            try await notify("lesson", "2", with: client, until: heard, is: heard.value + 1)
            listener.cancel()
            await listener.value
        }
    }

    @Test func `all who listen on a channel hear it, and shutdown ends them`() async throws {
        let listeners = try await withTestDatabase { client in
            let heard = [Counter(), Counter()]
            let listeners = heard.map { counter in
                let notifications = client.notifications(on: "lesson")
                return Task { for await _ in notifications { counter.increment() } }
            }
            for counter in heard { try await notify("lesson", "", with: client, until: counter, is: 1) }
            return listeners
        }
        for listener in listeners { await listener.value }
    }
}

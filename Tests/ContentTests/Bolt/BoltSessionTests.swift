import Testing

@testable import Content

@Suite("Bolt's state machine")
struct BoltSessionTests {
    private let passing = BoltServerError(code: "Neo.TransientError.Transaction.Outdated", message: "m")

    /// A session in which the server is ready.
    private func ready(minor: UInt8 = 4) throws -> BoltSession {
        var session = BoltSession(version: BoltVersion(major: 5, minor: minor))
        try session.send(.hello([:]))
        _ = try session.receive(.success([:]))
        if minor > 0 {
            try session.send(.logon([:]))
            _ = try session.receive(.success([:]))
        }
        return session
    }

    @Test("HELLO leads to LOGON, and before 5.1 straight to work")
    func greeting() throws {
        #expect(try ready(minor: 4).state == .ready)
        var old = try ready(minor: 0)
        #expect(old.state == .ready)
        #expect(throws: BoltError.self) { try old.send(.logon([:])) }
        var new = BoltSession(version: .newest)
        try new.send(.hello([:]))
        _ = try new.receive(.success([:]))
        #expect(new.state == .authentication)
        #expect(throws: BoltError.self) { try new.send(.run("RETURN 1", [:], [:])) }
    }

    @Test("a whole transaction may be sent before anything is answered")
    func pipelined() throws {
        var session = try ready()
        for request in [.begin([:]), .run("RETURN 1", [:], [:]), .pull(10), .commit] as [BoltRequest] {
            try session.send(request)
        }
        #expect(try session.receive(.success([:])) == .success([:]))
        #expect(session.state == .transaction)
        _ = try session.receive(.success(["fields": ["x"]]))
        #expect(session.state == .transactionStreaming)
        #expect(try session.receive(.record([1])) == .record([1]))
        _ = try session.receive(.success([:]))
        _ = try session.receive(.success(["bookmark": "b"]))
        #expect(session.state == .ready && !session.awaitsAnswers)
    }

    @Test("as long as there are more records, only these can be asked for or thrown away")
    func streaming() throws {
        var session = try ready()
        for request in [.begin([:]), .run("RETURN 1", [:], [:]), .pull(1)] as [BoltRequest] {
            try session.send(request)
        }
        _ = try session.receive(.success([:]))
        _ = try session.receive(.success([:]))
        _ = try session.receive(.record([1]))
        _ = try session.receive(.success(["has_more": true]))
        #expect(session.state == .transactionStreaming)
        #expect(throws: BoltError.self) { try session.send(.commit) }
        try session.send(.discard)
        try session.send(.commit)
        _ = try session.receive(.success([:]))
        _ = try session.receive(.success([:]))
        #expect(session.state == .ready)
    }

    @Test("after a failure the rest is ignored, and only RESET helps")
    func failure() throws {
        var session = try ready()
        for request in [.begin([:]), .run("x", [:], [:]), .pull(1)] as [BoltRequest] { try session.send(request) }
        _ = try session.receive(.success([:]))
        #expect(try session.receive(.failure(passing)) == .failure(passing))
        #expect(try session.receive(.ignored) == .ignored)
        #expect(session.state == .failed)
        #expect(throws: BoltError.self) { try session.send(.rollback) }
        #expect(throws: BoltError.self) { try session.send(.begin([:])) }
        try session.send(.reset)
        try session.send(.begin([:]))
        _ = try session.receive(.success([:]))
        _ = try session.receive(.success([:]))
        #expect(session.state == .transaction)
    }

    @Test("a RESET that was sent before the failure came helps, too")
    func overtaken() throws {
        var session = try ready()
        for request in [.run("x", [:], [:]), .pull(1), .reset, .run("y", [:], [:]), .pull(1)] as [BoltRequest] {
            try session.send(request)
        }
        _ = try session.receive(.failure(passing))
        _ = try session.receive(.ignored)
        _ = try session.receive(.success([:]))
        _ = try session.receive(.success([:]))
        _ = try session.receive(.success([:]))
        #expect(session.state == .ready)
    }

    @Test("whoever may not log on is done, and so is whoever can't be reset")
    func defunct() throws {
        var refused = BoltSession(version: .newest)
        try refused.send(.hello([:]))
        try refused.send(.logon([:]))
        _ = try refused.receive(.success([:]))
        _ = try refused.receive(.failure(passing))
        #expect(refused.state == .defunct)
        #expect(throws: BoltError.self) { try refused.send(.reset) }
        var broken = try ready()
        try broken.send(.reset)
        _ = try broken.receive(.failure(passing))
        #expect(broken.state == .defunct)
        var gone = try ready()
        try gone.send(.goodbye)
        #expect(throws: BoltError.self) { try gone.send(.begin([:])) }
    }

    @Test(
        "an answer that nobody asked for, or of another kind, is a violation",
        arguments: [BoltResponse.success([:]), .record([1]), .ignored])
    func unasked(response: BoltResponse) throws {
        var session = try ready()
        #expect(throws: BoltError.self) { try session.receive(response) }
        var asked = try ready()
        try asked.send(.begin([:]))
        if response != .success([:]) { #expect(throws: BoltError.self) { try asked.receive(response) } }
    }

    @Test("whatever comes in whatever order, the machine never leaves its states", arguments: 0..<200 as Range<UInt64>)
    func random(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        var session = try ready()
        var awaited = 0
        for _ in 0..<200 {
            let request: BoltRequest =
                [
                    .begin([:]), .run("x", [:], [:]), .pull(1), .discard, .commit, .rollback, .reset, .logon([:]),
                    .route(context: [:], bookmarks: [], extra: [:]),
                ].randomElement(using: &generator) ?? .reset
            let response: BoltResponse =
                [
                    .success([:]), .success(["has_more": true]), .record([1]), .ignored, .failure(passing),
                ].randomElement(using: &generator) ?? .ignored
            if Bool.random(using: &generator) {
                do {
                    try session.send(request)
                    awaited += 1
                } catch { continue }
            } else {
                do {
                    if case .record = try session.receive(response) { continue }
                    awaited -= 1
                } catch { continue }
            }
            #expect(session.awaitsAnswers == (awaited > 0))
        }
    }
}

/// One user's app that goes on calling all services, with a token that it has long had and with ever new ones.
struct SteadyLoad: Sendable {
    let platform: LocalPlatform
    let calls: [(Platform.Service, String)]
    let user: SignedUp

    init(_ platform: LocalPlatform, calls: [(Platform.Service, String)]) async throws {
        self.platform = platform
        self.calls = calls
        user = try await SignedUp(platform.visitor)
    }

    /// Goes on until a while after the first token that this key has signed.
    ///
    /// - Returns: whatever was answered with anything but 200.
    func run(until keyID: String) async throws -> [String] {
        let deadline = ContinuousClock.now + .seconds(60)
        var refused: [String] = []
        var newest = user
        var roundsLeft = 10
        while roundsLeft > 0, ContinuousClock.now < deadline {
            newest = try SignedUp(
                try await platform.visitor.post("/auth/refresh", ["refresh_token": .string(newest.refreshToken)]))
            if newest.keyID == keyID { roundsLeft -= 1 }
            for token in [user.token, newest.token] {
                for (service, path) in calls {
                    let answer = try await APIClient(base: platform.url(of: service), token: token).get(path)
                    if answer.status != 200 { refused.append("\(service): \(answer)") }
                }
            }
        }
        if roundsLeft > 0 { refused.append("no token of the new key within a minute") }
        return refused
    }
}

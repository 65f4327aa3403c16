import NIOSSL

/// What a ``BoltClient`` may take, and how long things may last.
struct BoltOptions: Sendable {
    var url: BoltURL
    /// Who may vouch for a server, with `+s`.
    var trustRoots = NIOSSLTrustRoots.default
    /// Connections to each server at most.
    var maximumConnections = 16
    /// How long a transaction waits for a connection.
    var acquisitionTimeout = Duration.seconds(10)
    /// For TCP, TLS and the handshake, each.
    var connectTimeout = Duration.seconds(5)
    /// How long the server may be silent while it owes an answer; what it says itself in
    /// `connection.recv_timeout_seconds` goes first when that is shorter.
    var answerTimeout = Duration.seconds(60)
    /// Connections that are older are replaced.
    var maximumLifetime = Duration.seconds(3_600)
    /// Connections that were idle for longer are asked whether they are alive before they are used.
    var idleBeforeCheck = Duration.seconds(30)
    /// Records asked for at a time.
    var fetchSize = 1_000
    var retry = BoltRetry()

    init(url: BoltURL) {
        self.url = url
    }
}

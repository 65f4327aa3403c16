/// Where the certificate for the public port is.
struct TLSSettings: Sendable, Equatable {
    /// A file with the chain, the server's own certificate first, as PEM.
    var certificates: String
    /// A file with its private key, as PEM.
    var key: String
    /// For how long browsers are to come by TLS only (RFC 6797 §6.1.1), in seconds; 0: they are not told.
    var strictSeconds: Int
}

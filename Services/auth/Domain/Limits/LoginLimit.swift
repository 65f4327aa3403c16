import Crypto
import FoundationEssentials

/// How many failed logins are borne before the next is refused unheard. Only failures count.
struct LoginLimit: Sendable {
    /// For one account from one network.
    var perAccount: Int
    /// For one network, whatever the account.
    var perNetwork: Int
    var window: Duration

    struct Exceeded: Sendable, Hashable {
        let limit: Int
        /// Seconds until the next attempt is heard.
        let resetsIn: Int
    }

    /// What is counted together.
    struct Bucket: Sendable, Hashable {
        let name: String
        let limit: Int
    }

    func bucket(network: String) -> Bucket {
        Bucket(name: "network \(network)", limit: perNetwork)
    }

    /// Its name tells nothing of the account to who reads the table.
    func bucket(account: String, network: String) -> Bucket {
        let digest = SHA256.hash(data: Data("\(account.lowercased()) \(network)".utf8))
        return Bucket(name: "account \(Data(digest).base64URL)", limit: perAccount)
    }
}

/// How often something failed, and for how long that counts.
struct FailureCount: Sendable, Equatable {
    let failures: Int
    /// Seconds.
    let resetsIn: Int
}

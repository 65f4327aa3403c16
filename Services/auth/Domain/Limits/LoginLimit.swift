import Crypto
import FoundationEssentials

/// How many failed logins are borne before the next is refused. Only failures count.
struct LoginLimit: Sendable {
    /// For one account from one network, or one device.
    var perAccount: Int
    /// For one account, wherever from.
    var perAccountEverywhere: Int
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
        /// Tells nothing of accounts to who reads the table.
        let name: String
        let limit: Int
        /// From how many failures on nothing is even looked at any more. Beyond `limit`, owners are still let in.
        let patience: Int

        /// - Parameter patience: `nil` when nothing is looked at beyond the limit.
        init(name: String, limit: Int, patience: Int? = nil) {
            self.name = name
            self.limit = limit
            self.patience = patience ?? limit
        }
    }

    func bucket(network: String) -> Bucket {
        Bucket(name: "network \(network)", limit: perNetwork, patience: perNetwork * 10)
    }

    func bucket(account: String) -> Bucket {
        Bucket(name: Self.name(account), limit: perAccountEverywhere, patience: perAccountEverywhere * 10)
    }

    func bucket(account: String, network: String) -> Bucket {
        Bucket(name: Self.name("\(account) \(network)"), limit: perAccount)
    }

    func bucket(account: String, device: String) -> Bucket {
        Bucket(name: Self.name("\(account) device \(device)"), limit: perAccount)
    }

    private static func name(_ text: String) -> String {
        "account \(Data(SHA256.hash(data: Data(text.lowercased().utf8))).base64URL)"
    }
}

/// How often something failed, and for how long that counts.
struct FailureCount: Sendable, Equatable {
    let failures: Int
    /// Seconds.
    let resetsIn: Int
}

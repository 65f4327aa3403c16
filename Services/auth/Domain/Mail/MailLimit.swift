import Crypto
import FoundationEssentials

/// How many mails can be asked for.
struct MailLimit: Sendable {
    /// To one recipient. Who asks for more from one network is refused, whether there is such an account or not. When
    /// others have asked for as many, the owner is not refused, but gets no further mail: the last link is still good.
    var perRecipient: Int
    /// From one network, to whomever.
    var perNetwork: Int
    let window: Duration = .seconds(3_600)

    func bucket(recipient: String, network: String) -> LoginLimit.Bucket {
        .init(name: "mail from \(Self.digest("\(recipient.lowercased()) \(network)"))", limit: perRecipient)
    }

    func bucket(recipient: String) -> LoginLimit.Bucket {
        .init(name: "mail to \(Self.digest(recipient.lowercased()))", limit: perRecipient)
    }

    func bucket(network: String) -> LoginLimit.Bucket {
        .init(name: "mail network \(network)", limit: perNetwork)
    }

    /// So that a bucket's name tells nothing of the account to who reads the table.
    private static func digest(_ text: String) -> String {
        Data(SHA256.hash(data: Data(text.utf8))).base64URL
    }
}

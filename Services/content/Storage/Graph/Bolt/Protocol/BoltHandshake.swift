/// The first bytes of a connection: the client names four versions, or ranges of minor versions, the server takes one.
enum BoltHandshake {
    /// The magic number, then one range (how many minor versions back, the newest) and three that ask for nothing.
    static let proposal: [UInt8] =
        [0x60, 0x60, 0xB0, 0x17]
        + [0, BoltVersion.newest.minor - BoltVersion.oldest.minor, BoltVersion.newest.minor, BoltVersion.newest.major]
        + [UInt8](repeating: 0, count: 12)

    static let answerLength = 4

    /// - Throws: ``BoltError/versions(_:)``, which says what both sides speak.
    static func version(from answer: [UInt8]) throws(BoltError) -> BoltVersion {
        if answer == [0, 0, 0, 0] { throw .versions("the server speaks none of these") }
        if answer == Array("HTTP".utf8) { throw .versions("the server speaks HTTP: this is not its port for Bolt") }
        guard answer.count == answerLength else { throw .versions("the server's answer is \(answer)") }
        let version = BoltVersion(major: answer[3], minor: answer[2])
        guard answer.starts(with: [0, 0]), (BoltVersion.oldest...BoltVersion.newest).contains(version) else {
            throw .versions("the server wants \(version)")
        }
        return version
    }
}

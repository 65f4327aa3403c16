/// How many accounts can be signed up for from one network within an hour, whether they come about or not.
struct SignUpLimit: Sendable {
    var perNetwork: Int
    let window: Duration = .seconds(3_600)

    func bucket(network: String) -> LoginLimit.Bucket {
        .init(name: "sign-ups \(network)", limit: perNetwork)
    }
}

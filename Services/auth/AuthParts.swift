import Logging
import Postgres
import ServiceKit

/// The service, wired by hand.
struct AuthParts: Sendable {
    let database: PostgresClient
    let verifier: TokenVerifier
    let tokenStore: PostgresTokenState
    let tokenState: TokenState
    /// For deleted accounts.
    let outbox: Outbox
    let mailQueue: PostgresMailQueue
    let administration: UserAdministration
    let hasher: PasswordHasher
    let accounts: Accounts
    /// Where Kratos keeps the accounts.
    let follower: KratosFollower?
    let routes: [Route]

    init(_ settings: Settings, database: PostgresClient, logger: Logger) {
        self.database = database
        verifier = TokenVerifier(issuer: settings.tokens.issuer, audience: settings.tokens.audience)
        tokenStore = PostgresTokenState(
            database: database, tokenLifetime: settings.lifetimes.verifiableFor)
        outbox = Outbox(targets: settings.receivers.map(\.name))
        let ring = SigningKeyRing()
        tokenState = TokenState(store: tokenStore, ring: ring, verifier: verifier, logger: logger)
        let tokens = TokenIssuer(
            issuer: settings.tokens.issuer, audience: settings.tokens.audience,
            lifetime: settings.lifetimes.accessToken, ring: ring, state: tokenState)
        let devices = KnownDevices(secret: settings.tokens.internalSecret)
        let grants = Grants(
            tokens: tokens, cookie: DeviceCookie(devices: devices, isSecure: settings.process.mode == .production))
        hasher = PasswordHasher(
            cost: settings.hashing.cost, threads: settings.hashing.threads, queue: settings.hashing.queue)
        let policy = settings.twoFactor.policy
        let kratos = settings.kratos.map { KratosClient($0, logger: logger) }
        let news = IdentityNews(isAwaited: kratos != nil)
        let store = PostgresAccountStore(
            database: database, lifetime: settings.lifetimes.refreshToken, policy: policy, news: news)
        let identities: any IdentityStore =
            if let kratos {
                KratosIdentities(
                    kratos, shadows: PostgresShadows(database: database, outbox: outbox), logger: logger)
            } else {
                LocalIdentities(store: store, hasher: hasher)
            }
        follower = kratos.map {
            KratosFollower(
                news: IdentityNewsQueue(database: database), admin: KratosAdmin(client: $0), logger: logger)
        }
        let logins = LoginGuard(
            limit: settings.loginLimit, signUps: settings.signUpLimit, store: PostgresLoginFailures(database: database),
            devices: devices)
        accounts = Accounts(identities: identities, store: store, logins: logins, state: tokenState)
        let ownData = OwnData(
            store: PostgresPersonalData(database: database, outbox: outbox, news: news), accounts: accounts,
            state: tokenState)
        mailQueue = PostgresMailQueue(database: database)
        let desk = MailDesk(limit: settings.mail.limit, queue: mailQueue)
        let mailedTokens = PostgresOneTimeTokens(database: database, news: news)
        let recovery = PasswordRecovery(
            identities: identities, tokens: mailedTokens, desk: desk, logins: logins, state: tokenState)
        let verification = EmailVerification(tokens: mailedTokens, desk: desk)
        let sessions = Sessions(
            store: PostgresSessionStore(database: database, lifetimes: settings.lifetimes, policy: policy),
            state: tokenState)
        let secondFactors = PostgresTwoFactor(
            database: database, box: SecretBox(secret: settings.twoFactor.secret), lifetimes: settings.lifetimes)
        administration = UserAdministration(
            identities: identities, directory: PostgresUserDirectory(database: database, outbox: outbox, news: news),
            state: tokenState)
        routes =
            AccountRoutes(accounts: accounts, grants: grants).routes
            + PersonalDataRoutes(accounts: accounts, data: ownData).routes
            + RecoveryRoutes(recovery: recovery).routes
            + EmailRoutes(accounts: accounts, verification: verification).routes
            + SecondStepRoutes(
                steps: SecondStep(store: secondFactors, logins: logins, state: tokenState), grants: grants,
                issuer: settings.twoFactor.issuer
            ).routes
            + TwoFactorRoutes(
                twoFactor: TwoFactor(
                    store: secondFactors, accounts: accounts, logins: logins, state: tokenState, policy: policy),
                issuer: settings.twoFactor.issuer
            ).routes
            + SessionRoutes(sessions: sessions, grants: grants).routes
            + UserRoutes(administration: administration).routes
            + AuditRoutes(log: PostgresAuditLog(database: database)).routes
            + KeyRoutes(store: tokenStore).routes
    }

    /// - Throws: when a file that the settings name can't be read.
    func mailSender(_ mail: MailSettings, logger: Logger) throws -> MailSender {
        let transport: any MailTransport =
            switch mail.route {
            case .folder(let path): MailFolder(path: path)
            case .server(let server): try SMTPClient(server)
            }
        return MailSender(
            queue: mailQueue, composer: mail.composer, transport: transport, retries: MailRetries(), logger: logger)
    }
}

import FoundationEssentials
import Postgres
import ServiceKit
import WireProtocol

struct PostgresMailQueue: MailQueue {
    let database: PostgresClient

    func put(
        _ order: MailOrder, binding: [LoginLimit.Bucket], silent: LoginLimit.Bucket, window: Duration,
        _ entry: AuditEntry
    ) async throws {
        try await database.withTransaction { transaction in
            let counts = try await transaction.count(in: (binding + [silent]).map(\.name), window: window)
            func isOver(_ bucket: LoginLimit.Bucket) -> Bool { (counts[bucket.name]?.failures ?? 0) > bucket.limit }
            if let full = binding.first(where: isOver) {
                throw AuthError.tooManyMails(
                    .init(limit: full.limit, resetsIn: counts[full.name]?.resetsIn ?? Int(window.seconds)))
            }
            var entry = entry
            if isOver(silent) {
                entry.detail["mail"] = .string("left out: too many")
            } else {
                try await transaction.insert(order)
            }
            try await transaction.append(entry)
        }
    }

    func take(limit: Int, lease: Duration) async throws -> [QueuedMail] {
        let rows = try await database.query(
            """
            UPDATE mails
               SET attempts = attempts + 1, due_at = clock_timestamp() + make_interval(secs => $2)
             WHERE id IN (SELECT id
                            FROM mails
                           WHERE due_at <= clock_timestamp()
                           ORDER BY due_at
                           LIMIT $1
                             FOR UPDATE SKIP LOCKED)
            RETURNING id, kind, recipient, language, ip, request_id, attempts
            """, [limit, lease.seconds])
        return try rows.map(QueuedMail.init)
    }

    func addressee(of mail: QueuedMail) async throws -> MailAddressee? {
        try await database.withTransaction(retries: 3) { transaction in
            let rows = try await transaction.query(
                """
                SELECT id, email, display_name, locale, role, email_verified_at, disabled_at, version, created_at,
                       updated_at
                  FROM users
                 WHERE email = $1::citext
                   AND disabled_at IS NULL
                   FOR SHARE
                """, [mail.order.recipient])
            guard let user = try rows.only.map(User.init) else { return nil }
            guard let purpose = mail.order.kind.purpose else { return MailAddressee(user: user, token: nil) }
            if purpose == .emailVerification, user.isEmailVerified { return nil }
            let token = OneTimeToken()
            try await transaction.query(
                """
                INSERT INTO one_time_tokens (hash, user_id, purpose, email, expires_at)
                VALUES ($1, $2, $3, $4::citext, clock_timestamp() + make_interval(secs => $5))
                    ON CONFLICT (user_id, purpose) DO UPDATE
                   SET hash = excluded.hash, email = excluded.email, created_at = excluded.created_at,
                       expires_at = excluded.expires_at
                """, [token.hash, user.id.rawValue, purpose.rawValue, user.email, purpose.lifetime.seconds])
            return MailAddressee(user: user, token: token)
        }
    }

    func finish(_ mail: QueuedMail, _ entry: AuditEntry?) async throws {
        try await database.withTransaction { transaction in
            try await transaction.query("DELETE FROM mails WHERE id = $1", [mail.id])
            guard let entry else { return }
            // Of an account that was erased meanwhile, nothing is noted any more.
            let target = try await transaction.query(
                "SELECT FROM users WHERE id = $1 FOR KEY SHARE", [entry.target?.rawValue])
            if !target.isEmpty { try await transaction.append(entry) }
        }
    }

    /// Only while nobody else has taken it on meanwhile.
    func postpone(_ mail: QueuedMail, by pause: Duration) async throws {
        try await database.query(
            """
            UPDATE mails
               SET due_at = clock_timestamp() + make_interval(secs => $3)
             WHERE id = $1
               AND attempts = $2
            """, [mail.id, mail.attempt, pause.seconds])
    }

    func count() async throws -> Int {
        try await database.query("SELECT count(*) AS total FROM mails")[0]["total"]
    }
}

extension QueuedMail {
    fileprivate init(_ row: PostgresRow) throws {
        guard let kind = MailKind(rawValue: try row["kind"]) else {
            throw UnreadableColumn(table: "mails", column: "kind")
        }
        let language: String? = try row["language"]
        let order = MailOrder(
            kind: kind, recipient: try row["recipient"], language: language.flatMap { LanguageTag($0) },
            origin: Origin(address: try row["ip"], userAgent: nil, requestID: try row["request_id"]))
        self.init(id: try row["id"], order: order, attempt: try row["attempts"])
    }
}

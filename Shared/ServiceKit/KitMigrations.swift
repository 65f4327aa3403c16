public import Postgres

/// The tables that ServiceKit's parts need in a service's schema. Numbers below 10 are theirs; a service's own
/// migrations start at 10.
public enum KitMigrations {
    /// For ``IdempotencyStore``.
    public static let idempotency = Migration(
        resource: "0001_idempotency.sql", PackageResources._001_idempotency_sql)
    /// For ``Outbox`` and ``OutboxRelay``.
    public static let outbox = Migration(resource: "0002_outbox.sql", PackageResources._002_outbox_sql)
    /// For ``Inbox``.
    public static let inbox = Migration(resource: "0003_inbox.sql", PackageResources._003_inbox_sql)

    /// For a service that came to need the part when it had migrations of its own: those must come in order.
    public static func late(_ migration: Migration, version: Int) -> Migration {
        Migration(version: version, name: migration.name, sql: migration.sql)
    }
}

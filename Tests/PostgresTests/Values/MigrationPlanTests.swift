import Testing

@testable import Postgres

struct MigrationPlanTests {
    private let one = Migration(version: 1, name: "one", sql: "CREATE TABLE one ()")
    private let two = Migration(version: 2, name: "two", sql: "CREATE TABLE two ()")
    private let three = Migration(version: 3, name: "three", sql: "CREATE TABLE three ()")

    private func applied(_ migration: Migration) -> MigrationPlan.Applied {
        MigrationPlan.Applied(version: migration.version, name: migration.name, checksum: migration.checksum)
    }

    @Test func `an empty schema gets all, in order`() throws {
        #expect(try MigrationPlan(known: [two, one, three], applied: []).pending == [one, two, three])
    }

    @Test func `what is applied is not applied again`() throws {
        let plan = try MigrationPlan(known: [one, two, three], applied: [applied(one), applied(two)])
        #expect(plan.pending == [three])
    }

    @Test func `a changed migration is refused`() {
        let changed = Migration(version: 1, name: "one", sql: "CREATE TABLE uno ()")
        #expect(throws: MigrationError.changed(version: 1, name: "one")) {
            try MigrationPlan(known: [changed, two], applied: [applied(one)])
        }
    }

    @Test func `an applied migration that the program lacks is refused`() {
        #expect(throws: MigrationError.missing(version: 2, name: "two")) {
            try MigrationPlan(known: [one], applied: [applied(one), applied(two)])
        }
    }

    @Test func `a migration before an applied one is refused`() {
        #expect(throws: MigrationError.outOfOrder(version: 2, name: "two", latest: 3)) {
            try MigrationPlan(known: [one, two, three], applied: [applied(one), applied(three)])
        }
    }

    @Test func `two of one version are refused`() {
        let twin = Migration(version: 1, name: "twin", sql: "")
        #expect(throws: MigrationError.duplicate(version: 1)) { try MigrationPlan(known: [one, twin], applied: []) }
    }

    @Test func `each refusal says which and what to do`() {
        let text = MigrationError.changed(version: 1, name: "one").description
        #expect(text.contains("migration 1 (one)"))
        #expect(text.contains("restore its text"))
    }
}

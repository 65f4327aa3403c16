import Testing

@testable import Postgres

struct StatementCacheTests {
    @Test func `a statement is prepared once`() {
        var cache = StatementCache(capacity: 2)
        let first = cache.use("SELECT 1")
        #expect(first.isNew)
        #expect(cache.use("SELECT 1") == StatementCache.Entry(name: first.name, isNew: false))
    }

    @Test func `the least recently used makes room and is deallocated`() {
        var cache = StatementCache(capacity: 2)
        let one = cache.use("1")
        let two = cache.use("2")
        _ = cache.use("1")
        _ = cache.use("3")
        #expect(cache.takeStale() == [two.name])
        #expect(cache.takeStale() == [])
        #expect(cache.use("1") == StatementCache.Entry(name: one.name, isNew: false))
        #expect(cache.use("2").isNew == true)
        #expect(cache.count == 2)
    }

    @Test func `a name is never used twice`() {
        var cache = StatementCache(capacity: 1)
        let names = (0..<10).map { cache.use("\($0 % 3)").name }
        #expect(Set(names).count == names.count)
    }

    @Test func `what was prepared anew is not forgotten for its predecessor's sake`() {
        var cache = StatementCache(capacity: 4)
        let old = cache.use("SELECT * FROM t")
        cache.forget("SELECT * FROM t", name: old.name, existsAtServer: true)
        let new = cache.use("SELECT * FROM t")
        cache.forget("SELECT * FROM t", name: old.name, existsAtServer: true)
        #expect(new.isNew)
        #expect(cache.use("SELECT * FROM t") == StatementCache.Entry(name: new.name, isNew: false))
        #expect(cache.takeStale() == [old.name])
    }
}

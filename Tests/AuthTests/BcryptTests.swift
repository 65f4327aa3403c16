import Testing

@testable import Auth

@Suite("bcrypt")
struct BcryptTests {
    /// From the tests or documentation of crypt_blowfish, Python's bcrypt, jBCrypt, Go's bcrypt (which Supabase and Kratos
    /// use) and PHP.
    static let vectors = [
        ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
        ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
        (
            "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
            "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"
        ),
        ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
        ("", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
        ("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
        ("allmine", "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga"),
        ("rasmuslerdorf", "$2y$07$usesomesillystringfore2uDLvp1Ii2e./U9C8sBjqp8I90dH6hi"),
        ("Kk4DQuMMfZL9o", "$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"),
    ]

    @Test("accepts what other implementations wrote", arguments: vectors)
    func acceptsGoldenVectors(password: String, text: String) throws {
        let hash = try #require(BcryptHash(text))
        #expect(try Bcrypt.verify(password, against: hash))
        #expect(try !Bcrypt.verify(password + "x", against: hash) || password.utf8.count == 72)
    }

    @Test("takes $2a$, $2b$ and $2y$ for the same function", arguments: ["$2a$", "$2b$", "$2y$"])
    func acceptsEachPrefix(prefix: String) throws {
        let hash = try #require(BcryptHash(prefix + "05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"))
        #expect(try Bcrypt.verify("U*U", against: hash))
        #expect(try !Bcrypt.verify("U*V", against: hash))
    }

    @Test(
        "refuses what is no bcrypt hash",
        arguments: [
            "", "*0", "$1$salt$abc", "$6$rounds=5000$x$y", "$2b$05$short",
            "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$+5$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvy:eW",
        ])
    func refusesOtherText(text: String) {
        #expect(BcryptHash(text) == nil)
    }

    @Test("salts, so that the same password has another hash each time")
    func salts() throws {
        let one = try Bcrypt.hash("seven brown owls", cost: 4)
        let other = try Bcrypt.hash("seven brown owls", cost: 4)
        #expect(one != other)
        #expect(one.cost == 4)
        #expect(one.description.hasPrefix("$2b$04$"))
        #expect(try Bcrypt.verify("seven brown owls", against: one))
    }

    @Test("has a hash for accounts that don't exist, which costs the same and fits nothing")
    func unmatchedHash() throws {
        let hash = BcryptHash.unmatched(cost: 5)
        #expect(BcryptHash(hash.description) == hash)
        #expect(try !Bcrypt.verify("", against: hash))
        #expect(BcryptHash(BcryptHash.unmatched(cost: 12).description)?.cost == 12)
    }
}

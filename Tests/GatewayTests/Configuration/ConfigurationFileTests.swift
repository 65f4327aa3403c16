import Foundation
import ServiceKit
import ServiceKitTesting
import Testing

@testable import Gateway

@Suite struct ConfigurationFileTests {
    /// What the environment says when it says nothing but where the services are.
    private func base() throws -> Configuration {
        var reader = SettingsReader(environment: [
            "INTERNAL_SECRET": TestTokens.internalSecret, "AUTH_URL": "http://auth:8081",
            "CONTENT_URL": "http://content:8082", "MEDIA_URL": "http://media:8083",
            "ANALYTICS_URL": "http://analytics:8084",
        ])
        let settings = Settings(from: &reader)
        try #require(reader.faults.isEmpty)
        return settings.configuration
    }

    private func parse(_ yaml: String) throws -> Configuration {
        try ConfigurationFile(path: "gateway.yaml", base: base()).parse(yaml)
    }

    private func faults(_ yaml: String) throws -> [String] {
        do {
            _ = try parse(yaml)
            return []
        } catch let invalid as InvalidConfiguration {
            return invalid.faults.map(\.description)
        }
    }

    private static let shipped = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../deploy/gateway/gateway.yaml").standardizedFileURL

    @Test func theShippedFileSaysWhatHoldsWithoutIt() throws {
        let base = try base()
        #expect(try ConfigurationFile(path: Self.shipped.path(), base: base).read() == base)
    }

    @Test func anEmptyFileChangesNothing() throws {
        #expect(try parse("") == base())
        #expect(try parse("# nothing\n") == base())
    }

    @Test func whatAFileSaysTakesThePlaceOfTheEnvironment() throws {
        let configuration = try parse(
            """
            services:
              content:
                upstreams: ["http://one:1", "http://[::1]:2"]
                prefixes: [/lessons]
                answer_seconds: 0.5
                upload_bytes_per_second: 9
                head_bytes: 4096
                concurrent_requests: 7
            clients: {head_bytes: 2048, trusted_proxies: [10.0.0.0/8]}
            rates: {login: {requests: 5, seconds: 60}}
            access: [{paths: [/lessons/*], methods: [GET, POST], access: teacher}]
            token_issuers:
              - {issuer: "https://id.test", audience: api, keys: "https://id.test/keys", algorithms: [RS256, EdDSA],
                 role_claim: groups, roles: {"staff.it": admin, staff: teacher}}
            access_log_percent: 3
            """)
        #expect(configuration[.content].upstreams.map(\.host) == ["one", "::1"])
        #expect(configuration[.content].limits.answerTime == .milliseconds(500))
        #expect(configuration[.content].pool.concurrentRequests == 7)
        #expect(configuration.clients.headBytes == 2048)
        #expect(configuration[.content].limits.headBytes == 4096)
        #expect(configuration[.content].limits.uploadRate == 9)
        #expect(configuration.accessLogPercent == 3)
        #expect(configuration.clients.trustedProxies == [try #require(AddressRange("10.0.0.0/8"))])
        #expect(configuration.rates[.login] == RateRule(requests: 5, window: .seconds(60)))
        #expect(configuration.rates[.read] == nil)
        #expect(configuration[.media] == (try base())[.media])
        #expect(configuration.issuers.map(\.name) == ["lyceum", "https://id.test"])
        #expect(configuration.issuers[1].algorithms == [.rs256, .edDSA])
        let roles = ForeignRoles(claim: "groups", names: ["staff.it": .admin, "staff": .teacher])
        #expect(configuration.issuers[1].origin == .elsewhere(keys: "https://id.test/keys", roles: roles))
        #expect("/lessons/1".bytes(configuration.routes.destination) == .service(.content))
        #expect("/content".bytes(configuration.routes.destination) == .nowhere)
        #expect("/lessons/1".bytes { configuration.access.rule(.post, $0).access } == .role(.teacher))
        #expect("/lessons/1".bytes { configuration.access.rule(.put, $0).access } == .user)
    }

    @Test func everyFaultIsToldWithItsLine() throws {
        let faults = try faults(
            """
            services:
              content:
                upstreams: [content:8082]
                prefixes: [/auth, lessons, /internal/x]
                body_bytes: lots
                answer_secs: 1
              search: {upstreams: []}
            clients: {connections: 0, head_seconds: -1}
            access:
              - {paths: ["/a b"], methods: [GRAB], access: nobody}
              - {methods: [GET]}
            rates: {all: 1, read: {requests: 0}, write: {requests: 1}}
            access_log_percent: 101
            colour: blue
            token_issuers:
              - {issuer: lyceum, audience: api, keys: "https://id.test/keys", algorithms: [ES256], roles: {a: admin}}
              - {issuer: "", keys: "keys.json", algorithms: [HS256, none], roles: {a: root}}
              - {issuer: other}
            """)
        #expect(
            faults == [
                "line 3: services.content.upstreams[0] must be an address such as http://content:8082",
                "line 3: services.content.upstreams must name an address",
                "line 4: services.content.prefixes[1] must be a path such as /content",
                "line 5: services.content.body_bytes must be a whole number from 1 to 9223372036854775807",
                "line 6: services.content.answer_secs is not known here",
                "line 7: services.search is not known here",
                "line 8: clients.connections must be a whole number from 1 to 1000000",
                "line 8: clients.head_seconds must be a number of seconds from 0.05 to 3600.0",
                "line 10: access[0].paths[0] must be a path such as /auth/login, or /content/* for all below it",
                "line 10: access[0].methods[0] must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
                "line 10: access[0].access must be public, user, student, teacher or admin",
                "line 10: access[0] must have paths", "line 11: access[1] must have paths",
                "line 12: rates.all is not known here",
                "line 12: rates.read.requests must be a whole number from 1 to 1000000000",
                "line 12: rates.write must have requests and seconds",
                "line 13: access_log_percent must be a whole number from 0 to 100", "line 14: colour is not known here",
                "line 16: token_issuers[0] has the name of another issuer, lyceum",
                "line 17: token_issuers[1].issuer must be the iss claim of its tokens",
                "line 17: token_issuers[1].keys must be the URL of a JWK set",
                "line 17: token_issuers[1].algorithms[0] must be one of ES256, EdDSA, RS256",
                "line 17: token_issuers[1].algorithms[1] must be one of ES256, EdDSA, RS256",
                "line 17: token_issuers[1].roles.a must be one of student, teacher, admin",
                "line 18: token_issuers[2] must have issuer, keys, audience, algorithms and roles",
                "line 1: gives /auth to auth and to content",
                "line 1: gives /internal/x to content, which is not for services",
            ])
    }

    @Test(arguments: ["services: [", "just text", "- a", "services: 3", "a: 1\na: 2"])
    func whatIsNoConfigurationIsRefused(_ yaml: String) throws {
        #expect(try !faults(yaml).isEmpty)
    }

    @Test func faultsOfTheFileAreToldBesideThoseOfTheEnvironment() {
        var reader = SettingsReader(environment: [
            "PORT": "none", "INTERNAL_SECRET": TestTokens.internalSecret, "GATEWAY_CONFIG": "/nowhere/gateway.yaml",
        ])
        _ = Settings(from: &reader)
        #expect(reader.faults.map(\.name) == ["PORT", "GATEWAY_CONFIG"])
    }
}

extension String {
    func bytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        Array(utf8).withUnsafeBytes { body($0) }
    }
}

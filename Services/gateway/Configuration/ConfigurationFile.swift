import FoundationEssentials
import ServiceKit
import Yams

/// A file that says what rules the traffic. What it leaves out stays as the environment has it; `deploy/gateway/gateway.yaml`
/// shows and explains every key.
struct ConfigurationFile: Sendable {
    let path: String
    let base: Configuration

    /// - Throws: ``InvalidConfiguration`` with everything that is wrong.
    func read() throws(InvalidConfiguration) -> Configuration {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw InvalidConfiguration(faults: [.init(path: "", message: "\(path) can't be read")])
        }
        return try parse(text)
    }

    /// - Throws: ``InvalidConfiguration`` with everything that is wrong.
    func parse(_ yaml: String) throws(InvalidConfiguration) -> Configuration {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch {
            throw InvalidConfiguration(faults: [.init(path: "", message: "is no YAML: \(error)")])
        }
        var configuration = base
        guard let root else { return configuration }
        var reader = ConfigurationReader()
        let whole = ConfigurationReader.Entry(path: "", node: root)
        reader.members(of: whole) { reader, entry in configuration.read(entry, &reader) }
        configuration.checkPrefixes(whole, &reader)
        guard reader.faults.isEmpty else { throw InvalidConfiguration(faults: reader.faults) }
        configuration.layOutRoutes()
        return configuration
    }
}

extension Configuration {
    fileprivate mutating func read(
        _ entry: ConfigurationReader.Entry, _ reader: inout ConfigurationReader
    ) -> Bool {
        switch entry.key {
        case "services":
            reader.members(of: entry) { reader, service in
                guard let backend = Backend.allCases.first(where: { $0.name == service.key }) else { return false }
                reader.members(of: service) { reader, member in self[backend].read(member, &reader) }
                return true
            }
        case "clients": reader.members(of: entry) { reader, member in clients.read(member, &reader) }
        case "token_issuers": issuers = [issuers[0]] + reader.issuers(entry, beside: issuers[0])
        case "access": access = AccessPolicy(reader.accessRules(entry))
        case "rates":
            rates = RateRules()
            reader.members(of: entry) { reader, member in
                guard let kind = RateClass(rawValue: String(member.key)) else { return false }
                rates[kind] = reader.rateRule(member)
                return true
            }
        case "cors":
            reader.members(of: entry) { reader, member in
                switch member.key {
                case "origins":
                    reader.texts(member, "an origin such as https://school.example.org", into: &crossOrigin.origins) {
                        CrossOrigin.origin($0)
                    }
                case "max_age_seconds": reader.integer(member, in: 0...86_400, into: &crossOrigin.maximumAge)
                default: return false
                }
                return true
            }
        case "gzip": reader.flag(entry, into: &compresses)
        case "access_log_percent": reader.integer(entry, in: 0...100, into: &accessLogPercent)
        default: return false
        }
        return true
    }

    fileprivate func checkPrefixes(_ whole: ConfigurationReader.Entry, _ reader: inout ConfigurationReader) {
        var owners: [String: Backend] = [:]
        for backend in Backend.allCases {
            for prefix in self[backend].prefixes {
                if RouteTable.reserved.contains(where: { prefix == $0 || prefix.hasPrefix($0 + "/") }) {
                    reader.note(whole, "gives \(prefix) to \(backend.name), which is not for services")
                }
                if let other = owners.updateValue(backend, forKey: prefix) {
                    reader.note(whole, "gives \(prefix) to \(other.name) and to \(backend.name)")
                }
            }
        }
    }
}

extension ServiceConfiguration {
    fileprivate mutating func read(
        _ entry: ConfigurationReader.Entry, _ reader: inout ConfigurationReader
    ) -> Bool {
        switch entry.key {
        case "upstreams":
            reader.texts(entry, "an address such as http://content:8082", into: &upstreams) {
                UpstreamAddress(url: Substring($0))
            }
            if upstreams.isEmpty { reader.note(entry, "must name an address") }
        case "prefixes":
            reader.texts(entry, "a path such as /content", into: &prefixes) { text in
                PathPattern(text).flatMap { $0.coversBelow || !$0.isLiteral ? nil : $0.path }
            }
        case "body_bytes": reader.integer(entry, in: 1...Int.max, into: &limits.bodyBytes)
        case "head_bytes": reader.integer(entry, in: 0...(1 << 20), into: &limits.headBytes)
        case "upload_bytes_per_second": reader.integer(entry, in: 0...1_000_000_000, into: &limits.uploadRate)
        case "connect_seconds": reader.seconds(entry, into: &limits.connectTime)
        case "answer_seconds": reader.seconds(entry, into: &limits.answerTime)
        case "stream_seconds": reader.seconds(entry, into: &limits.streamTime)
        case "concurrent_requests": reader.integer(entry, in: 1...1_000_000, into: &pool.concurrentRequests)
        case "queued_requests": reader.integer(entry, in: 0...1_000_000, into: &pool.queuedRequests)
        case "queue_seconds": reader.seconds(entry, into: &pool.queueTime)
        case "idle_connection_seconds": reader.seconds(entry, into: &pool.idleTime)
        case "eject_after_failures": reader.integer(entry, in: 0...1000, into: &pool.endpoints.failuresToEject)
        case "eject_seconds": reader.seconds(entry, into: &pool.endpoints.ejectionTime)
        case "slow_answer_seconds": reader.seconds(entry, into: &pool.endpoints.slowAnswer)
        case "slow_start_seconds": reader.seconds(entry, in: 0...3600, into: &pool.endpoints.slowStart)
        case "retry_share": reader.number(entry, in: 0...1, into: &pool.retries.share)
        case "retries_per_second": reader.number(entry, in: 0...10_000, into: &pool.retries.perSecond)
        case "circuit_failure_share": reader.number(entry, in: 0.01...1, into: &pool.breaker.failureShare)
        case "circuit_minimum_requests": reader.integer(entry, in: 1...1_000_000, into: &pool.breaker.minimumRequests)
        case "circuit_open_seconds": reader.seconds(entry, into: &pool.breaker.openTime)
        default: return false
        }
        return true
    }
}

extension ClientLimits {
    fileprivate mutating func read(
        _ entry: ConfigurationReader.Entry, _ reader: inout ConfigurationReader
    ) -> Bool {
        switch entry.key {
        case "connections": reader.integer(entry, in: 1...1_000_000, into: &connections)
        case "connections_per_address": reader.integer(entry, in: 0...1_000_000, into: &connectionsPerAddress)
        case "trusted_proxies":
            reader.texts(entry, "a network such as 203.0.113.0/24", into: &trustedProxies) { AddressRange($0) }
        case "head_bytes": reader.integer(entry, in: 1024...(1 << 20), into: &headBytes)
        case "head_seconds": reader.seconds(entry, into: &headTime)
        case "idle_seconds": reader.seconds(entry, into: &idleTime)
        case "body_seconds": reader.seconds(entry, into: &bodyTime)
        case "linger_seconds": reader.seconds(entry, into: &lingerTime)
        default: return false
        }
        return true
    }
}

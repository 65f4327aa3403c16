import Testing

@testable import ServiceKit

@Suite("Metrics as Prometheus text")
struct PrometheusTests {
    @Test("counters, gauges and histograms have their type, labels and samples")
    func families() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "jobs_total", dimensions: [("kind", "a\"b\\c")]).increment(by: Int64(3))
        registry.makeMeter(label: "pool.in-use", dimensions: []).set(2.5)
        let timer = registry.makeTimer(label: "wait_seconds", dimensions: [("route", "/x")])
        timer.recordNanoseconds(2_000_000)
        timer.recordNanoseconds(60_000_000_000)
        let text = registry.text()
        #expect(text.contains("# TYPE jobs_total counter\njobs_total{kind=\"a\\\"b\\\\c\"} 3\n"))
        #expect(text.contains("# TYPE pool_in_use gauge\npool_in_use 2.5\n"))
        #expect(text.contains("wait_seconds_bucket{route=\"/x\",le=\"0.001\"} 0\n"))
        #expect(text.contains("wait_seconds_bucket{route=\"/x\",le=\"0.0025\"} 1\n"))
        #expect(text.contains("wait_seconds_bucket{route=\"/x\",le=\"+Inf\"} 2\n"))
        #expect(text.contains("wait_seconds_count{route=\"/x\"} 2\n"))
        #expect(text.contains("process_resident_memory_bytes "))
    }

    @Test("the same name and labels are one series")
    func sameSeries() {
        let registry = PrometheusRegistry()
        for _ in 1...3 { registry.makeCounter(label: "n_total", dimensions: [("a", "b")]).increment(by: Int64(1)) }
        #expect(registry.text().contains("n_total{a=\"b\"} 3\n"))
    }
}

@Suite("A log line")
struct JSONLineTests {
    @Test("is one JSON object, whatever the message holds")
    func escaping() {
        var line = JSONLine()
        line.append("message", "a \"quote\", a \\, a\nbreak and \u{1}")
        line.append("duration_ms", .stringConvertible(1.5))
        line.append("status", .stringConvertible(200))
        line.append("list", .array([.string("x"), .dictionary(["k": .string("v")])]))
        let text = line.finished()
        #expect(
            text
                == #"{"message":"a \"quote\", a \\, a\nbreak and \u0001","duration_ms":1.5,"status":200,"list":["x",{"k":"v"}]}"#
                + "\n")
    }
}

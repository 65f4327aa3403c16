import Testing

@testable import Content

struct LineDiffTests {
    private func steps(_ old: String, _ new: String) -> [LineDiff.Step] {
        let split = { (text: String) in text.split(separator: " ").map(\.utf8) }
        return LineDiff(split(old), split(new)).steps
    }

    /// What the steps make of the old text must be the new one, and they must use up the old one.
    private func check(_ old: [String], _ new: [String]) {
        let steps = LineDiff(old.map { $0[...].utf8 }, new.map { $0[...].utf8 }).steps
        var (kept, result): ([String], [String]) = ([], [])
        for step in steps {
            switch step {
            case .keep(let a, let b):
                #expect(old[a] == new[b])
                kept.append(old[a])
                result.append(old[a])
            case .remove(let a): kept.append(old[a])
            case .add(let b): result.append(new[b])
            }
        }
        #expect(kept == old)
        #expect(result == new)
    }

    @Test func `Lines are kept, removed and added`() {
        #expect(steps("a b c", "a c") == [.keep(0, 0), .remove(1), .keep(2, 1)])
        #expect(steps("a c", "a b c") == [.keep(0, 0), .add(1), .keep(1, 2)])
        #expect(steps("a", "b") == [.remove(0), .add(0)])
        #expect(steps("x a x", "x x") == [.keep(0, 0), .remove(1), .keep(2, 1)])
    }

    @Test func `Forms of one text that differ in bytes differ`() {
        #expect(steps("\u{E9}", "e\u{301}") == [.remove(0), .add(0)])
    }

    @Test(arguments: 1...200)
    func `Any text becomes any other`(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let letters = ["a", "b", "c", "d", "e", "f"].prefix(Int.random(in: 1...6, using: &random))
        func text() -> [String] {
            (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in letters.randomElement(using: &random) }
        }
        check(text(), text())
    }

    @Test func `Long texts without a common line are replaced whole, and that in time`() {
        let old = (0..<20_000).map { "\($0 % 7)" }
        let new = (0..<20_000).map { "\($0 % 5) x" }
        check(old, new)
        check(old + ["end"], ["start"] + old + ["end"])
    }

    @Test(.timeLimit(.minutes(1))) func `Texts that are unique line by line only, the last first, cost no more`() {
        // Each number but the last comes twice, and the last is unique only between its two neighbours.
        func text(_ tail: String) -> [String] {
            [tail, "0"] + (1...30_000).flatMap { ["\($0)", "\($0 - 1)", tail] }
        }
        check(text("x"), text("y"))
    }

    @Test(.timeLimit(.minutes(1))) func `Nor do texts with many stretches to find the shortest edit of`() {
        func text(_ filler: String) -> [String] {
            (0..<400).flatMap { part in
                ["part \(part)"] + (0..<990).map { $0 % 3 == 0 ? "same" : "\(filler) \($0 % 7)" }
            }
        }
        check(text("old"), text("new"))
    }
}

/// What was removed from a text and added to it, line by line.
///
/// Patience first: lines that occur once in either text, in the longest order that they share, stay where they are;
/// between them Myers' shortest edit. What would take too much work counts as replaced whole, so that the cost stays
/// bounded for any two texts: stretches between lines that stay are compared again only ``maximumDepth`` deep, each
/// depth going over the texts once at most, and the shortest edit is looked for only as long as ``editsLeft`` lasts.
struct LineDiff {
    static let maximumDepth = 12
    /// Lines of both texts together for which the shortest edit is looked for.
    static let longestStretch = 2_000

    enum Step: Equatable {
        /// By the lines' positions, from 0.
        case keep(Int, Int)
        case remove(Int)
        case add(Int)
    }

    private(set) var steps: [Step] = []
    /// Pairs of an old and a new line that may still be looked at for shortest edits.
    private var editsLeft = 10_000_000
    private let old: [Int]
    private let new: [Int]

    /// Lines are compared byte by byte, so that a change of the normal form is one.
    init(_ old: [Substring.UTF8View], _ new: [Substring.UTF8View]) {
        var numbers: [[UInt8]: Int] = [:]
        func number(_ line: Substring.UTF8View) -> Int {
            let (key, next) = (Array(line), numbers.count)
            let number = numbers[key] ?? next
            numbers[key] = number
            return number
        }
        self.old = old.map(number)
        self.new = new.map(number)
        compare(self.old.indices, self.new.indices, depth: 1)
    }

    private mutating func compare(_ a: Range<Int>, _ b: Range<Int>, depth: Int) {
        let prefix = zip(a, b).prefix { old[$0] == new[$1] }.count
        let (rest, restB) = (a.dropFirst(prefix), b.dropFirst(prefix))
        let suffix = zip(rest.reversed(), restB.reversed()).prefix { old[$0] == new[$1] }.count
        keep(a.lowerBound, b.lowerBound, count: prefix)
        compareStretch(rest.dropLast(suffix), restB.dropLast(suffix), depth: depth)
        keep(a.upperBound - suffix, b.upperBound - suffix, count: suffix)
    }

    private mutating func compareStretch(_ a: Range<Int>, _ b: Range<Int>, depth: Int) {
        guard !a.isEmpty, !b.isEmpty else { return replace(a, b) }
        let anchors = depth < Self.maximumDepth ? anchors(a, b) : []
        guard !anchors.isEmpty else { return edit(a, b) }
        var (nextA, nextB) = (a.lowerBound, b.lowerBound)
        for (positionA, positionB) in anchors {
            compare(nextA..<positionA, nextB..<positionB, depth: depth + 1)
            keep(positionA, positionB, count: 1)
            (nextA, nextB) = (positionA + 1, positionB + 1)
        }
        compare(nextA..<a.upperBound, nextB..<b.upperBound, depth: depth + 1)
    }

    /// Lines that are unique on both sides, in the longest sequence that is in order on both.
    private func anchors(_ a: Range<Int>, _ b: Range<Int>) -> [(Int, Int)] {
        let places = Self.unique(new, in: b)
        let pairs = Self.unique(old, in: a).compactMap { line, position in places[line].map { (position, $0) } }
            .sorted { $0.0 < $1.0 }
        // Patience sorting: the top of each pile, and below each card the top of the pile before.
        var tops: [Int] = []
        var before = [Int?](repeating: nil, count: pairs.count)
        for (card, pair) in pairs.enumerated() {
            var (low, high) = (0, tops.count)
            while low < high {
                let middle = (low + high) / 2
                if pairs[tops[middle]].1 < pair.1 { low = middle + 1 } else { high = middle }
            }
            before[card] = low > 0 ? tops[low - 1] : nil
            if low == tops.count { tops.append(card) } else { tops[low] = card }
        }
        guard let last = tops.last else { return [] }
        return sequence(first: last) { before[$0] }.map { pairs[$0] }.reversed()
    }

    private static func unique(_ lines: [Int], in range: Range<Int>) -> [Int: Int] {
        var positions: [Int: Int?] = [:]
        for position in range {
            positions[lines[position]] = positions[lines[position]] == nil ? .some(position) : .some(nil)
        }
        return positions.compactMapValues(\.self)
    }

    private mutating func edit(_ a: Range<Int>, _ b: Range<Int>) {
        guard a.count + b.count <= Self.longestStretch, a.count * b.count <= editsLeft else { return replace(a, b) }
        editsLeft -= a.count * b.count
        let difference = new[b].difference(from: old[a])
        let removed = Set(difference.removals.map(\.offset))
        let added = Set(difference.insertions.map(\.offset))
        var (offsetA, offsetB) = (0, 0)
        while offsetA < a.count || offsetB < b.count {
            if removed.contains(offsetA) {
                steps.append(.remove(a.lowerBound + offsetA))
                offsetA += 1
            } else if added.contains(offsetB) {
                steps.append(.add(b.lowerBound + offsetB))
                offsetB += 1
            } else {
                keep(a.lowerBound + offsetA, b.lowerBound + offsetB, count: 1)
                offsetA += 1
                offsetB += 1
            }
        }
    }

    private mutating func replace(_ a: Range<Int>, _ b: Range<Int>) {
        steps += a.map(Step.remove) + b.map(Step.add)
    }

    private mutating func keep(_ a: Int, _ b: Int, count: Int) {
        steps += (0..<count).map { .keep(a + $0, b + $0) }
    }
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}

import Testing

@testable import Content

struct GatheringTests {
    private static let start = ContinuousClock.now

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { Self.start + .milliseconds(milliseconds) }

    private func fresh(limit: Int = 3, size: Int = 8) -> Gathering<Int> {
        Gathering(limit: limit, size: size, patience: .milliseconds(20))
    }

    @Test func `What comes while nothing is under way goes at once`() throws {
        var gathering = fresh()
        let firstGoes = gathering.arrived(1, at: at(0))
        let first = try #require(firstGoes)
        #expect(first.elements == [1])
        #expect(gathering.ended(first, at: at(1)) == nil)
        #expect(gathering.arrived(2, at: at(2))?.elements == [2])
    }

    @Test func `What comes meanwhile goes together, in the order in which it came`() throws {
        var gathering = fresh()
        let firstGoes = gathering.arrived(1, at: at(0))
        let first = try #require(firstGoes)
        for element in 2...4 { #expect(gathering.arrived(element, at: at(element)) == nil) }
        let secondGoes = gathering.ended(first, at: at(5))
        let second = try #require(secondGoes)
        #expect(second.elements == [2, 3, 4])
        #expect(gathering.arrived(5, at: at(6)) == nil)
        #expect(gathering.ended(second, at: at(7))?.elements == [5])
    }

    @Test func `No more go together than may`() throws {
        var gathering = fresh(size: 2)
        let batchGoes = gathering.arrived(0, at: at(0))
        var batch = try #require(batchGoes)
        for element in 1...5 { #expect(gathering.arrived(element, at: at(0)) == nil) }
        for expected in [[1, 2], [3, 4], [5]] {
            let batchGoes = gathering.ended(batch, at: at(1))
            batch = try #require(batchGoes)
            #expect(batch.elements == expected)
        }
        #expect(gathering.ended(batch, at: at(1)) == nil)
    }

    @Test func `What takes too long holds up nobody who comes after, up to the limit`() throws {
        var gathering = fresh(limit: 2)
        let hangingGoes = gathering.arrived(1, at: at(0))
        let hanging = try #require(hangingGoes)
        #expect(gathering.arrived(2, at: at(20)) == nil)
        let secondGoes = gathering.arrived(3, at: at(21))
        let second = try #require(secondGoes)
        #expect(second.elements == [2, 3])
        #expect(gathering.arrived(4, at: at(50)) == nil)
        #expect(gathering.ended(second, at: at(51))?.elements == [4])
        #expect(gathering.arrived(5, at: at(80)) == nil)
        #expect(gathering.ended(hanging, at: at(81))?.elements == [5])
    }
}

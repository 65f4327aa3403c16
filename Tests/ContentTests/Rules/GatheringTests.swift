import Testing

@testable import Content

struct GatheringTests {
    @Test func `What comes while nothing is under way goes at once`() {
        var gathering = Gathering<Int>(concurrency: 1, size: 8)
        #expect(gathering.arrived(1) == [1])
        #expect(gathering.ended() == nil)
        #expect(gathering.arrived(2) == [2])
    }

    @Test func `What comes meanwhile goes together, in the order in which it came`() {
        var gathering = Gathering<Int>(concurrency: 2, size: 8)
        #expect(gathering.arrived(1) == [1])
        #expect(gathering.arrived(2) == [2])
        for element in 3...5 { #expect(gathering.arrived(element) == nil) }
        #expect(gathering.ended() == [3, 4, 5])
        #expect(gathering.arrived(6) == nil)
        #expect(gathering.ended() == [6])
        #expect(gathering.ended() == nil)
    }

    @Test func `No more go together than may`() {
        var gathering = Gathering<Int>(concurrency: 1, size: 2)
        #expect(gathering.arrived(0) == [0])
        for element in 1...5 { #expect(gathering.arrived(element) == nil) }
        #expect(gathering.ended() == [1, 2])
        #expect(gathering.ended() == [3, 4])
        #expect(gathering.ended() == [5])
        #expect(gathering.ended() == nil)
    }
}

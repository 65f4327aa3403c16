import ArgumentParser
import ServiceKit

/// Tells people how a move of accounts goes: what went wrong on standard output, for a file; the rest beside it.
enum MovePrinter {
    /// - Parameter next: where an interrupted move can go on.
    static func tell(_ report: MoveReport, next: String? = nil) {
        let place = next.map { ", next page \($0)" } ?? ""
        StandardError.write("\(summary(of: report))\(place)\n")
    }

    /// Runs a move to its end, and prints which accounts it had trouble with.
    ///
    /// - Throws: `ExitCode` 75 (EX_TEMPFAIL of sysexits.h) when Kratos can't be used, and what `move` throws.
    static func follow(_ move: () async throws -> MoveReport) async throws {
        do {
            sumUp(try await move())
        } catch let error as AuthError where error == .identityServerDown || error == .busy {
            StandardError.write("Kratos can't be used just now. What was told of is done; run this again to go on.\n")
            throw ExitCode(75)
        }
    }

    private static func sumUp(_ report: MoveReport) {
        for trouble in report.troubles { print("\(trouble.account) \(trouble.reason)") }
        print(summary(of: report))
    }

    private static func summary(of report: MoveReport) -> String {
        "\(report.moved) moved, \(report.wereThere) there already, \(report.troubles.count) with trouble"
    }
}

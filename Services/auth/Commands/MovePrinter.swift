import ServiceKit

/// Tells people how a move of accounts goes: what went wrong on standard output, for a file; the rest beside it.
enum MovePrinter {
    /// - Parameter next: where an interrupted move can go on.
    static func tell(_ report: MoveReport, next: String? = nil) {
        let place = next.map { ", next page \($0)" } ?? ""
        StandardError.write("\(summary(of: report))\(place)\n")
    }

    static func sumUp(_ report: MoveReport) {
        for trouble in report.troubles { print("\(trouble.account) \(trouble.reason)") }
        print(summary(of: report))
    }

    private static func summary(of report: MoveReport) -> String {
        "\(report.moved) moved, \(report.wereThere) there already, \(report.troubles.count) with trouble"
    }
}

/// A part of a whole, from 0 to 1; `nil` when there is no whole.
func share(_ part: Int, of whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
}

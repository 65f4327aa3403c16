/// The arrays of pointers that libpq reads parameters from; reused, so that executing allocates nothing.
final class ParameterScratch {
    private var values: [UnsafePointer<CChar>?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    func withPointers<Value>(
        to parameters: EncodedParameters,
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Value
    ) -> Value {
        values.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        return parameters.bytes.withUnsafeBufferPointer { bytes in
            let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            for field in parameters.fields {
                values.append(field.offset < 0 ? nil : start?.advanced(by: field.offset))
                lengths.append(field.length)
                formats.append(field.isBinary ? 1 : 0)
            }
            return body(values, lengths, formats)
        }
    }
}

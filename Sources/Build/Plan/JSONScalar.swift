import Foundation

/// A value that `JSONSerialization` read: it makes numbers of `true` and `false` as well, which are told apart here.
enum JSONScalar {
    case text(String)
    case number(NSNumber)
    case flag(Bool)

    /// Nil for a list, an object and null.
    init?(_ value: Any) {
        switch value {
        case let text as String: self = .text(text)
        case let number as NSNumber where String(cString: number.objCType) == "c": self = .flag(number.boolValue)
        case let number as NSNumber: self = .number(number)
        default: return nil
        }
    }

    /// The number, if it is one.
    static func number(_ value: Any) -> Double? {
        guard case .number(let number) = JSONScalar(value) else { return nil }
        return number.doubleValue
    }

    /// The truth value, if it is one.
    static func flag(_ value: Any) -> Bool? {
        guard case .flag(let flag) = JSONScalar(value) else { return nil }
        return flag
    }
}

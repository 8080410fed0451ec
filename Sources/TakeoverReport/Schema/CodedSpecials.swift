// The types that read themselves in a way of their own: what they look like, and a value of each.

internal import TakeoverModel

enum CodedSpecials {
  private static let pair = CodedShape.list(.integer, exactly: 2)

  /// nil: the type is like others.
  static func sample<Value>(of type: Value.Type) -> (value: Value, shape: CodedShape)? {
    func known(_ value: Any, _ shape: CodedShape) -> (value: Value, shape: CodedShape)? {
      (value as? Value).map { ($0, shape) }
    }
    switch type {
    case is String.Type: return known("", .text)
    case is Bool.Type: return known(false, .flag)
    case is Double.Type: return known(0.0, .number)
    case is Int.Type: return known(0, .integer)
    case is Int64.Type: return known(Int64(0), .integer)
    case is MACAddress.Type: return known(MACAddress.zero, .text)
    case is IPAddress.Type: return known(IPAddress.v4(0), .text)
    case is Moment.Type: return known(Moment.began, .integer)
    case is Interval.Type: return known(Interval(at: .began), pair)
    case is Elapsed.Type: return known(Elapsed(exactly: .zero), pair)
    // Two halves of a number of attoseconds, the higher one first.
    case is Duration.Type: return known(Duration.zero, pair)
    case is LedgerRange.Type: return known(LedgerRange(1, 2), pair)
    case is Target.Type: return known(Target.holder, .text)
    case is Phase.Type: return known(Phase.any, .text)
    case is TimeWindow.Type: return TimeWindow("00:00-24:00").flatMap { known($0, .text) }
    case is ParameterValue.Type: return known(ParameterValue.flag(false), parameter)
    case is ServiceControl.Type: return known(ServiceControl.unit(""), service)
    default: return nil
    }
  }

  /// Exactly one of the keys.
  private static let parameter = CodedShape.either(
    [("text", CodedShape.text), ("nanoseconds", .integer), ("count", .integer), ("flag", .flag)]
      .map { .object([$0.0: $0.1], required: [$0.0]) })

  /// As Swift writes a case with a value.
  private static var service: CodedShape {
    let commands = (try? CodedShape.of(ServiceCommands.self)) ?? .map(.text)
    return .either(
      [("unit", CodedShape.text), ("windows", .text), ("commands", commands)].map { name, inside in
        .object([name: .object(["_0": inside], required: ["_0"])], required: [name])
      })
  }

  /// Of a forecast either the promise's keys are there or the reason why there is none.
  static func corrected<Value>(_ shape: CodedShape, of type: Value.Type) -> CodedShape {
    guard type is Forecast.Type, case .object(let keys, _) = shape else { return shape }
    return .object(keys, required: ["plan", "trial", "holder", "reader"])
  }
}

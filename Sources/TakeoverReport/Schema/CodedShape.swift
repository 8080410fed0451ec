// What a type looks like when it is written down, found by asking how it reads itself: it is decoded from
// nothing, and every key that it asks for is noted. So the schema of a journal cannot differ from its lines.

internal import TakeoverModel

indirect enum CodedShape: Hashable, Sendable {
  case text, integer, number, flag
  case words([String])
  case list(CodedShape, exactly: Int?)
  /// Any keys, with values of one shape.
  case map(CodedShape)
  case object([String: CodedShape], required: Set<String>)
  /// One of several.
  case either([CodedShape])

  static func of(_ type: any Decodable.Type) throws -> CodedShape { try sample(of: type).shape }

  /// A value of the type, and its shape.
  fileprivate static func sample<Value: Decodable>(
    of type: Value.Type
  ) throws -> (value: Value, shape: CodedShape) {
    if let known = CodedSpecials.sample(of: type) { return known }
    if let list = type as? any CodedList.Type, let value = list.none as? Value {
      return (value, .list(try of(list.element), exactly: nil))
    }
    if let map = type as? any CodedMap.Type, let value = map.none as? Value {
      return (value, .map(try of(map.element)))
    }
    if let words = type as? any (CaseIterable & RawRepresentable<String>).Type,
      let (value, all) = Self.words(of: words, as: type)
    {
      return (value, .words(all))
    }
    let asked = Asked()
    let value = try Value(from: ShapeDecoder(asked))
    return (value, CodedSpecials.corrected(asked.shape, of: type))
  }

  private static func words<Value>(
    of type: any (CaseIterable & RawRepresentable<String>).Type, as wanted: Value.Type
  ) -> (Value, [String])? {
    func open<Words: CaseIterable & RawRepresentable<String>>(_ type: Words.Type) -> (
      Value, [String]
    )? {
      guard let first = type.allCases.first as? Value else { return nil }
      return (first, type.allCases.map(\.rawValue))
    }
    return open(type)
  }
}

/// What one value asked for.
private final class Asked {
  private var keys: [String: CodedShape] = [:]
  private var required: Set<String> = []
  private var single: CodedShape?

  var shape: CodedShape { single ?? .object(keys, required: required) }

  func note(_ key: any CodingKey, _ shape: CodedShape, isRequired: Bool) {
    keys[key.stringValue] = shape
    if isRequired { required.insert(key.stringValue) }
  }

  func noteSingle(_ shape: CodedShape) { single = shape }
}

private struct ShapeDecoder: Decoder {
  let asked: Asked
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(_ asked: Asked) { self.asked = asked }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(KeyedShape<Key>(asked: asked))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    throw Complaint("a list of its own making has no shape", remedy: "name it in CodedSpecials")
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { SingleShape(asked: asked) }
}

private struct SingleShape: SingleValueDecodingContainer {
  let asked: Asked
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let (value, shape) = try CodedShape.sample(of: type)
    asked.noteSingle(shape)
    return value
  }
}

private struct KeyedShape<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let asked: Asked
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) -> Bool { false }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    let (value, shape) = try CodedShape.sample(of: type)
    asked.note(key, shape, isRequired: true)
    return value
  }

  func decodeIfPresent<Value: Decodable>(
    _ type: Value.Type, forKey key: Key
  ) throws -> Value? {
    asked.note(key, try CodedShape.sample(of: type).shape, isRequired: false)
    return nil
  }

  // Without these the standard library asks whether the key is there, and then requires it.
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) -> Bool? { note(key, .flag) }
  func decodeIfPresent(_ type: String.Type, forKey key: Key) -> String? { note(key, .text) }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) -> Double? { note(key, .number) }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) -> Int? { note(key, .integer) }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) -> Int64? { note(key, .integer) }

  private func note<Value>(_ key: Key, _ shape: CodedShape) -> Value? {
    asked.note(key, shape, isRequired: false)
    return nil
  }

  func nestedContainer<Other: CodingKey>(
    keyedBy type: Other.Type, forKey key: Key
  ) -> KeyedDecodingContainer<Other> {
    KeyedDecodingContainer(KeyedShape<Other>(asked: asked))
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw Complaint("a list of its own making has no shape", remedy: "name it in CodedSpecials")
  }

  func superDecoder() -> any Decoder { ShapeDecoder(asked) }
  func superDecoder(forKey key: Key) -> any Decoder { ShapeDecoder(asked) }
}

private protocol CodedList {
  static var none: Self { get }
  static var element: any Decodable.Type { get }
}

extension Array: CodedList where Element: Decodable {
  fileprivate static var none: [Element] { [] }
  fileprivate static var element: any Decodable.Type { Element.self }
}

private protocol CodedMap {
  static var none: Self { get }
  static var element: any Decodable.Type { get }
}

extension Dictionary: CodedMap where Value: Decodable {
  fileprivate static var none: [Key: Value] { [:] }
  fileprivate static var element: any Decodable.Type { Value.self }
}

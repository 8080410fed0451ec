// The end of a subnet that cannot be what it says: whoever measures must see that it is gone.

internal import Foundation
internal import TakeoverModel

enum Failure {
  static func end(by error: any Error) -> Never {
    let words =
      (error as? any Explained).map { "\($0.problem); \($0.remedy)" } ?? String(describing: error)
    FileHandle.standardError.write(Data("takeover-fabric: \(words)\n".utf8))
    exit(70)
  }
}

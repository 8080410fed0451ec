// takeover-fabric: plays the cloud subnet of one lab, in the lab's fabric namespace, until it is ended.
// Its one argument is the file that describes the subnet (FabricDescription, as JSON).

internal import Foundation
internal import TakeoverModel

// Whoever asks may hang up while he is answered.
signal(SIGPIPE, SIG_IGN)

do {
  guard CommandLine.arguments.count == 2 else {
    throw Complaint(
      "usage: takeover-fabric DESCRIPTION.json", remedy: "takeover lab up starts it for a lab")
  }
  let bytes = try Data(contentsOf: URL(filePath: CommandLine.arguments[1]))
  let fabric = try Fabric(JSONDecoder().decode(FabricDescription.self, from: bytes))
  try await fabric.serve()
} catch {
  Failure.end(by: error)
}

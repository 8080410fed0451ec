// takeover-fabric: plays the cloud subnet of one lab, in the lab's fabric namespace, until it is ended.
// Its one argument is the file that describes the subnet (FabricDescription, as JSON).

internal import Foundation
internal import TakeoverModel
internal import TakeoverSubnet
internal import TakeoverWire

// Whoever asks may hang up while he is answered.
_ = unsafe signal(SIGPIPE, SIG_IGN)

do {
  guard CommandLine.arguments.count == 2 else {
    throw Complaint(
      "usage: takeover-fabric DESCRIPTION.json", remedy: "takeover lab up starts it for a lab")
  }
  let bytes = try Data(contentsOf: URL(filePath: CommandLine.arguments[1]))
  let description = try JSONDecoder().decode(FabricDescription.self, from: bytes)
  let fabric = try Fabric(description)
  try await fabric.serve()
} catch let complaint as any Explained {
  FileHandle.standardError.write(
    Data("takeover-fabric: \(complaint.problem); \(complaint.remedy)\n".utf8))
  exit(70)
} catch {
  FileHandle.standardError.write(Data("takeover-fabric: \(error)\n".utf8))
  exit(70)
}

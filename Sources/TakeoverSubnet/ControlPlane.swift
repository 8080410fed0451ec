// The subnet's control plane: a request of the vendor's API in (VPC, 2017-03-12), its answer out. It
// admits whoever signs with the lab's key.

package import TakeoverModel

package struct ControlPlane: Sendable {
  package static let version = "2017-03-12"
  package static let service = "vpc"

  package var subnet: Subnet
  private let credential: FabricDescription.Credential

  package init(_ subnet: Subnet, credential: FabricDescription.Credential) {
    self.subnet = subnet
    self.credential = credential
  }

  /// `now`: CLOCK_REALTIME, nanoseconds. `id`: the request's, unique.
  package mutating func answer(
    _ request: CloudRequest, at now: Int64, id: String
  ) -> (CloudAnswer, [Decision]) {
    do throws(CloudError) {
      let action = try admitted(request, at: now)
      let parameters = try Parameters(request.body, for: action)
      let outcome = try action.carryOut(&subnet, parameters, now)
      return (CloudAnswer(outcome.members, id: id), outcome.decisions)
    } catch {
      return (CloudAnswer(error, id: id), [])
    }
  }

  private func admitted(
    _ request: CloudRequest, at now: Int64
  ) throws(CloudError) -> CloudAction {
    let kind = request.headers["content-type"]?.lowercased() ?? ""
    guard request.method == "POST", kind.hasPrefix("application/json") else {
      throw CloudError(
        "UnsupportedProtocol", "the lab's control plane takes POST with application/json only")
    }
    try checkSignature(of: request, at: now)
    let name = try header("X-TC-Action", of: request)
    let version = try header("X-TC-Version", of: request)
    guard version == Self.version else {
      throw CloudError("NoSuchVersion", "the version `\(version)` does not exist")
    }
    let region = try header("X-TC-Region", of: request)
    guard region == credential.region else {
      throw CloudError("UnsupportedRegion", "the region `\(region)` is not supported")
    }
    guard let action = CloudAction.all.first(where: { $0.name == name }) else {
      throw CloudError("InvalidAction", "the action `\(name)` does not exist")
    }
    return action
  }

  private func header(_ name: String, of request: CloudRequest) throws(CloudError) -> String {
    guard let value = request.headers[name.lowercased()], !value.isEmpty else {
      throw .missing(name)
    }
    return value
  }

  /// A signature lasts five minutes.
  private func checkSignature(of request: CloudRequest, at now: Int64) throws(CloudError) {
    func failed(_ why: String) -> CloudError { CloudError("AuthFailure.SignatureFailure", why) }
    let timestamp = try header("X-TC-Timestamp", of: request)
    guard let signature = request.headers["authorization"].flatMap(RequestSignature.init) else {
      throw failed(
        "the header Authorization is no TC3-HMAC-SHA256 signature of content-type and host")
    }
    guard let seconds = Int64(timestamp), (0...253_402_300_799).contains(seconds),
      signature.date == CloudTime.day(ofSeconds: seconds)
    else { throw failed("the signature's date is not that of X-TC-Timestamp") }
    guard abs(now / 1_000_000_000 - seconds) <= 300 else {
      throw CloudError(
        "AuthFailure.SignatureExpire", "the signature is more than five minutes away from now")
    }
    guard signature.secretID == credential.secretID else {
      throw CloudError("AuthFailure.SecretIdNotFound", "the SecretId is not found")
    }
    guard signature.service == Self.service else {
      throw failed("the signature is for the service `\(signature.service)`")
    }
    guard signature.holds(for: request, timestamp: timestamp, key: credential.secretKey) else {
      throw failed("the credentials could not be validated: check the SecretKey")
    }
  }
}

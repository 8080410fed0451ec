// Placeholder until the digest's value arrives; replaced by the merge.

package struct NodeState: Hashable, Sendable, Codable {
  package init() {}
}

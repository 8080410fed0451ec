// A lab that was made for a process goes with it, however that process ends: a keeper beside it waits
// for its lock to be let go, which the kernel does also for one that is killed.

internal import Glibc
internal import Synchronization
package import TakeoverModel

extension Laboratory {
  /// Runs `body` in the lab, and says whether the lab is its own. One that stood already stays
  /// (machines of it that are off are started); one that was made for `body` goes with it.
  package func standing<Value: Sendable>(
    progress: @escaping Progress,
    _ body: @escaping @Sendable (_ site: Site, _ isOwn: Bool) async throws -> Value
  ) async throws -> Value {
    guard try await !status().isComplete else {
      return try await body(try await up(progress: progress), false)
    }
    let owner = Owner()
    defer { owner.leave() }
    let outcome: Result<Value, any Error>
    do {
      outcome = .success(try await body(try await up(owner: owner, progress: progress), true))
    } catch {
      outcome = .failure(error)
    }
    // A task of its own: the lab goes away also when the body was cancelled.
    try await Task { try await down(progress: progress) }.value
    return try outcome.get()
  }
}

/// This process as the owner of a lab: it holds a lock (flock(2)) on the lab's file until it leaves
/// or ends.
final class Owner: Sendable {
  private let descriptor = Mutex<Int32>(-1)

  /// Waits at most for somebody who looks whether the lock is held.
  func hold(_ path: String) throws(Complaint) {
    let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0, flock(opened, LOCK_EX) == 0 else {
      throw Complaint(
        "\(path) cannot be locked (error \(errno))",
        remedy: "labs need a /run on which flock(2) works")
    }
    descriptor.withLock { $0 = opened }
  }

  func leave() {
    descriptor.withLock { held in
      if held >= 0 { close(held) }
      held = -1
    }
  }
}

extension LabLayout {
  var ownerFile: String { folder + "/owner" }

  /// The file that the owner locks before anything else is built.
  func makeOwnerFile() -> Command {
    .script("mkdir -p \"${1%/*}\" && : >\"$1\"", [ownerFile])
  }

  /// Starts the keeper. It outlives the owner's terminal and process group, and takes away only the
  /// very lab whose file it opened: the next of that name has another.
  func keep(ending: Command?) -> Command {
    let removal = locked(
      .script(
        """
        [ /proc/self/fd/9 -ef "$1" ] || exit 0
        \(ending?.shellText ?? ":")
        \(removal().shellText)
        """, [ownerFile]))
    // Shared, as everybody's who looks: none of them takes another for the owner.
    let keeper = """
      cd / && exec 9<"$1" && flock --shared 9 && exec \(removal.shellText)
      """
    return .script(
      """
      setsid sh -c "$1" takeover "$2" </dev/null >/dev/null 2>&1 3<&- &
      """, [keeper, ownerFile])
  }

  /// Shell: `orphaned FOLDER` succeeds for a lab that was made for a process that lives no more.
  static let isOrphaned = """
    orphaned() { [ -e "$1/owner" ] && flock --shared --nonblock "$1/owner" true 2>/dev/null; }

    """
}

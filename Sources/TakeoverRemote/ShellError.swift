// What can go wrong between a transport and a shell that is, or was, there.

internal import TakeoverModel

enum ShellError {
  static func silent() -> TransportError {
    TransportError(
      .deadlinePassed, "the shell did not answer in time",
      remedy: "look whether the account's start-up files wait for something")
  }

  static func hungUp() -> TransportError {
    TransportError(.closed, "the connection was closed", remedy: "open it again")
  }

  static func notOpen() -> TransportError {
    TransportError(.closed, "the transport is not open", remedy: "open it first")
  }

  static func shellEnded() -> TransportError {
    TransportError(
      .closed, "the shell ended", remedy: "look whether a command killed it, then try again")
  }

  static func late(_ command: Command, sent: Bool) -> TransportError {
    TransportError(
      .deadlinePassed,
      "`\(brief(command))` did not "
        + (sent ? "end in time; it may still run" : "start in time; it was not sent"),
      remedy: sent ? "allow it more time, or look what it waits for" : "allow it more time")
  }

  static func nul(_ command: Command) -> TransportError {
    TransportError(
      .misconfigured, "an argument of `\(brief(command))` contains a NUL byte",
      remedy: "take it out: no program can be given one (execve(2))")
  }

  static func armedAlready() -> TransportError {
    TransportError(
      .misconfigured, "a blow is armed already", remedy: "fire or disarm it before arming another")
  }

  static func spent() -> TransportError {
    TransportError(
      .misconfigured, "this blow was fired or disarmed before", remedy: "arm another")
  }

  /// Why a shell that was started did not greet. `sudo -n` says what it wants on standard error.
  static func notStarted(_ error: TransportError, said: String) -> TransportError {
    let said = said.split(separator: "\n").joined(separator: "; ")
    if said.contains("sudo:") || said.contains("sudoers") {
      return TransportError(
        .missingPrivilege, "sudo refused: \(said)",
        remedy:
          "allow `\(SudoRight.command)` without a password: `takeover doctor --site FILE` prints "
          + "the line for /etc/sudoers.d/takeover")
    }
    guard error.kind == .closed, !said.isEmpty else { return error }
    return TransportError(.broken, "the shell did not start: \(said)", remedy: error.remedy)
  }

  private static func brief(_ command: Command) -> String {
    let text = command.shellText
    return text.count > 80 ? text.prefix(79) + "…" : text
  }
}

// Services through one abstraction: a systemd unit, or the site's own commands.

package enum ServiceControl: Hashable, Sendable, Codable {
  case unit(String)
  case commands(ServiceCommands)

  package var start: Command {
    switch self {
    // reset-failed: a unit that was killed too often refuses to start (systemctl(1)).
    case .unit(let name):
      .script("systemctl reset-failed \"$1\" 2>/dev/null; exec systemctl start \"$1\"", [name])
    case .commands(let own): own.start
    }
  }

  package var stop: Command {
    switch self {
    case .unit(let name): Command("systemctl", "stop", name)
    case .commands(let own): own.stop
    }
  }

  /// Stop and start; without a pause, for a unit.
  package var restart: Command {
    switch self {
    case .unit(let name):
      .script("systemctl reset-failed \"$1\" 2>/dev/null; exec systemctl restart \"$1\"", [name])
    case .commands(let own):
      .script("eval \"$1\"; eval \"$2\"", [own.stop.shellText, own.start.shellText])
    }
  }

  /// Has it read its configuration anew without an interruption; nil: the site does not say how.
  package var reload: Command? {
    switch self {
    case .unit(let name): Command("systemctl", "reload", name)
    case .commands(let own): own.reload
    }
  }

  /// Exit 0 when it runs.
  package var isActive: Command {
    switch self {
    case .unit(let name): Command("systemctl", "is-active", "--quiet", name)
    case .commands(let own): own.isActive
    }
  }

  /// Prints the process id of the service's first process, or nothing (or 0) when there is none.
  package var mainProcess: Command {
    switch self {
    case .unit(let name): Command("systemctl", "show", "--property=MainPID", "--value", name)
    case .commands(let own): own.mainProcess
    }
  }
}

package struct ServiceCommands: Hashable, Sendable, Codable {
  package var start: Command
  package var stop: Command
  package var isActive: Command
  package var mainProcess: Command
  package var reload: Command?

  package init(
    start: Command, stop: Command, isActive: Command, mainProcess: Command, reload: Command? = nil
  ) {
    self.reload = reload
    self.start = start
    self.stop = stop
    self.isActive = isActive
    self.mainProcess = mainProcess
  }
}

// kernel-panic: the kernel gives up, and starts anew by itself.

package import TakeoverModel

package struct KernelPanic: Fault {
  package static let declaration = FaultDeclaration(
    kind: "kernel-panic",
    summary: "make a node's kernel panic (sysrq c), where it starts anew by itself afterwards",
    effect: "the standby takes over after the master-down interval; nobody has the address before, "
      + "and where preemption is allowed it goes back after the start")

  package init(_ arguments: Arguments) throws(Complaint) {}

  package var consequence: Consequence { .silence(.off) }

  /// kernel.panic of 0 is for ever (Documentation/admin-guide/sysctl/kernel.rst); bit 8 of kernel.sysrq
  /// allows what dumps (admin-guide/sysrq.rst), and root may write to the trigger in any case.
  package func procedure(on node: Node, in site: Site) throws(Complaint) -> Procedure {
    SelfStart.procedure(
      by: .script("(sleep 0.05; echo c >/proc/sysrq-trigger) </dev/null >/dev/null 2>&1 3<&- &"),
      requirements: [
        Requirement(
          .script("[ -f /proc/sysrq-trigger ]"), otherwise: "has no sysrq in its kernel"),
        Requirement(
          .script("seconds=$(cat /proc/sys/kernel/panic) && [ \"$seconds\" != 0 ]"),
          otherwise: "would not start again after a panic: kernel.panic is 0"),
      ])
  }
}

// What each word of a journal means, for `takeover explain` and for the journal's schema.

package import TakeoverModel

extension EventWord {
  package var title: String { meaning.title }
  package var explanation: String { meaning.text }

  private var meaning: (title: String, text: String) {
    switch self {
    case .runBegan:
      (
        "a run, or a watch, begins",
        "The journal's first line: the format, the plans and the site as they were read, and the origin "
          + "of its axis in nanoseconds since 1970. Every `when` is an interval in nanoseconds from there."
      )
    case .nodeDescribed:
      (
        "a node was reached, and says what it is",
        "How it is reached and why so, its system and daemon, its links with their hardware addresses: by "
          + "these its frames are known."
      )
    case .forecast:
      (
        "what the configuration promises of a trial",
        "Computed from both nodes' keepalived configuration before the first blow: who must take over, "
          + "from when to when, by which formula, or why nothing can be promised."
      )
    case .trialBegan:
      ("a trial begins", "Plan and trial by their place in the first line, and the repetition.")
    case .gatePassed:
      (
        "the pair is sound: the blow may be prepared",
        "One node holds every address, every way of looking agrees, and it was calm for a while."
      )
    case .gateRefused:
      (
        "the blow did not fall",
        "The pair was not sound in time, or changed while the blow was prepared. The trial has no verdict."
      )
    case .trialSkipped:
      (
        "a trial is left out",
        "A node lacks what the fault needs: a program, an ability of its kernel, a clock of its own."
      )
    case .procedure:
      (
        "what a node is about to get",
        "Every command of the fault, word for word: what prepares, breaks, proves and heals. Written "
          + "before the node is touched."
      )
    case .prepared: ("a node was prepared for the blow", "Looked at; nothing is broken yet.")
    case .blow:
      (
        "the blow",
        "It fell between the sending of one byte and the node's acknowledgement, both by the coordinator's "
          + "clock: that is t0."
      )
    case .confirmed:
      (
        "the proof that the blow is in force",
        "What is not shown to be in force is no blow: without the proof the trial has no verdict."
      )
    case .mended:
      ("a further blow was mended before the trial's healing", "A blow with a `hold` of its own.")
    case .healing: ("the healing of a node begins", "From here on the trial judges the recovery.")
    case .healed:
      (
        "a node was healed",
        "Its proof that it is whole, and that its addresses, links, routes, rules and services are what "
          + "they were. With `fail` the run ends: a broken node is not broken further."
      )
    case .restored:
      ("the pair is redundant again", "One holds, and every other node could take over.")
    case .notRestored:
      (
        "the pair did not become redundant again in time",
        "`recover` was over. What was missing is said."
      )
    case .daemonView:
      (
        "what a daemon says of itself",
        "State, priority and what it refused, asked before the blow and when all is over; never while "
          + "something is measured."
      )
    case .databaseReading:
      (
        "what a database says of itself",
        "Whether it takes writes, how many standbys follow it, and which of the ledger's rows it has, at the "
          + "trial's end."
      )
    case .trialEnded: ("a trial ends", "Everything of it stands before this line.")
    case .runEnded:
      (
        "the run ends",
        "completed, interrupted (a signal) or stopped (a stop file, a stop condition, a node that could not "
          + "be healed), and whether everything is healed. A journal without it belongs to a run that died."
      )
    case .note: ("a remark of the run", "What it is about to do, or why it ends.")
    case .captureBegan: ("a capture has begun", "From here on no frame is missed at this point.")
    case .captureState:
      (
        "how a capture fares",
        "What the kernel let in and what it lost (PACKET_STATISTICS), each second. Lost frames make a "
          + "trial doubtful."
      )
    case .advertisement:
      (
        "a VRRP advertisement was seen",
        "Who claims to be the master, with which priority and interval. Priority 0 gives the role up."
      )
    case .announcement:
      (
        "somebody claims an address",
        "A gratuitous ARP, an unsolicited neighbour advertisement, an answer, or a question asked in the "
          + "address' name."
      )
    case .datagram:
      (
        "a frame was sent from a virtual address",
        "Whoever sends it holds the address. Of a busy service one each 5 ms is written down; all are in "
          + "the capture."
      )
    case .probe:
      (
        "a question and its answers",
        "ARP, neighbour solicitation, ping or TCP connection, asked on an open schedule: late answers do "
          + "not delay the next question."
      )
    case .connection:
      (
        "a connection that is kept stands, or has ended",
        "`held` ones live as long as the peer lets them, `pooled` ones wait for the next request. `end` tells "
          + "how it ended: reset, closed, timeout; without it, it stands."
      )
    case .request:
      (
        "a request on a kept connection, and what became of it",
        "When it was sent, when it was decided, with which status and by which server. While it is pending "
          + "it is written down again and again."
      )
    case .addresses:
      (
        "which virtual addresses a node's kernel has",
        "Asked through its shell, four times a second."
      )
    case .processorWaits:
      (
        "how long a daemon waited for a processor",
        "/proc/PID/schedstat before the blow and after the hold: a taker that did not run could not take over."
      )
    case .processorWatched:
      ("a processor of this machine is watched for pauses", "Beside labs only.")
    case .processorPause:
      (
        "a processor of this machine stood still",
        "A thread that is due each 0.5 ms was not run: neither was a daemon of the lab that it carries."
      )
    case .command:
      (
        "a command of the plan's `observe:` was run",
        "Its status and the beginning of what it printed."
      )
    case .ledger:
      (
        "what became of numbered rows that a client wrote",
        "acknowledged, refused, unanswered or unreached, for rows that fared alike within a moment: what was "
          + "acknowledged must be found again after the takeover."
      )
    case .processes:
      (
        "the processes of a node's services",
        "For `daemon-stays`: a new first process is a restart."
      )
    case .clock:
      (
        "a reading of a clock",
        "The coordinator's own, to see whether somebody sets it, or another machine's, to place its stamps."
      )
    case .neighbour:
      (
        "an entry of a vantage point's neighbour table changed",
        "Which hardware address the kernel there would send to: whether clients have learned of the takeover."
      )
    case .vantageDescribed: ("a vantage point and its addresses", "Who asks.")
    case .havipBinding:
      (
        "an answer of the cloud's control plane about an address",
        "To which machine it is bound. So it was at an instant between the question and its answer."
      )
    case .fabricDecision:
      (
        "what a lab's subnet did with an address",
        "An announcement that it believed or refused, and where the address leads since: its own record, "
          + "beside labs only."
      )
    case .observerDied:
      (
        "somebody who watched has ended",
        "What it would have seen may have happened: every trial meanwhile is doubtful."
      )
    }
  }
}

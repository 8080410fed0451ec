// What the formats write, byte for byte. A change here is a change for everybody who reads them.
// The terminal's summary is of the mixed report, the others are of the healthy one.

// swift-format-ignore-file
enum Golden {
  static let markdown = """
    # PASS: of 1 trial on lab.pair, 1 passed

    |  | trial | takeover | longest outage | two holders |
    | --- | --- | --- | --- | --- |
    | PASS | graceful stop | 688.3 ms ± 200 µs | 700 ms ± 21 ms | never |

    Site lab.pair (lab), run 20261122-175333, began 2026-11-22T17:53:33 UTC, takeover 0.1.
    - a: Linux 6.1, reached by ssh (libssh2 1.10.0) root&#64;a:22
    - b: Linux 6.1, reached by ssh (libssh2 1.10.0) root&#64;b:22

    <details>
    <summary>PASS: graceful stop</summary>

    - **PASS** takeover-within: b took 172.17.16.3 688.3 ms ± 200 µs after the blow (its announcement); the limit is 1s.
    - **PASS** outage-within: client/arp had no good answer from 172.17.16.3 for 700 ms ± 21 ms; the limit is 1s.
    - **PASS** single-holder: Never did two nodes hold 172.17.16.3 together.

    ```text
                                688.3 ms ± 200 µs until b has it
                                ├────────────────────────────┤
                                                          ▾ due 609.9 ms ± 450 µs
    blow                        ┃ stop-service on a
    a has 172.17.16.3    ███████░
    b has 172.17.16.3           ┊                            ████████████████████
    a advertises                ○
    b advertises                ┊                            ╷
    b announces                 ┊                            ▴
    client/arp                 ××××××××××××××××××××××××××××××××──────────────────
    client/echo                 ××××××××××××××××××××××××××××××───────────────────
    after the blow              0                    500ms                1s

    █ has it  ░ perhaps  ╷ advertises  ○ goodbye  ▴ announces  ─ answered  × no good answer
    ```

    | mark | what | after the blow |
    | --- | --- | --- |
    | t0 | blow on a | 0 s ± 200 µs |
    | t1 | last advertisement of a | 0.3 ms ± 200 µs |
    | t2 | first advertisement of b | 687.8 ms ± 200 µs |
    | t3 | b announces 172.17.16.3 | 688.3 ms ± 200 µs |
    | t5 | first good answer at client/arp | 704.9 ms ± 250 µs |
    | t5 | first good answer at client/echo | 689.9 ms ± 300 µs |
    | t7 | last good answer at client/arp | 11.9849 s ± 250 µs |
    | t7 | last good answer at client/echo | 11.9899 s ± 300 µs |

    | time | length |
    | --- | --- |
    | detection and election (t2 − t1) | 687.550 ms ± 0 ns |
    | announcement (t3 − t2) | 0.500 ms ± 0 ns |
    | phase of the blow, φ | 0.600 ± 0.001 |
    | skew of b, M (VRRPv2, A = 1s, priority 100) | 609.375ms, by VRRP's arithmetic |
    | residual, (t2 − t1) − M | 78.175 ms ± 0 ns |
    | effective priority of b, from t2 − t1 | 80.0; advertised: 100 |
    | repair at client/arp (t5 − t3) | 16.55 ms ± 50 µs |
    | repair at client/echo (t5 − t3) | 1.6 ms ± 100 µs |
    | outage at client/arp, 172.17.16.3 | 700 ms ± 21 ms |
    | outage at client/echo, 172.17.16.3 | 680 ms ± 11 ms |
    | no holder of 172.17.16.3 | 684 ms ± 4.3 ms |

    Holders: a → b at 687.8 ms ± 200 µs.

    </details>

    """

  static let timeline = """
                            3.0103 s ± 200 µs until b has it
                                ├────────────────────┤
                                                     ▾ due 3.0094 s ± 450 µs
    blow                        ┃ kill-process on a              healing ┃
    a has 172.17.16.3    ██████████████████████████████████████████████████
    b has 172.17.16.3           ┊                    ████████████████████████████
    two holders                 ┊                    ××××××××××××××××××××××
    a advertises            ╷   ┊
    b advertises                ┊                    ╷      ╷     ╷      ╷
    b announces                 ┊                    ▴
    client/arp                  ─────────────────────────────────────────────────
    client/echo                 ─────────────────────────────────────────────────
    after the blow              0             2s            4s           6s

    █ has it  ░ perhaps  ╷ advertises  ○ goodbye  ▴ announces  ─ answered  × no good answer
    """

  static let junit = """
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="takeover" tests="3" failures="0" errors="0" skipped="0" time="15.000" timestamp="2026-11-22T17:53:33">
      <testsuite name="lab.pair.nightly.stop" tests="3" failures="0" errors="0" skipped="0" time="15.000" timestamp="2026-11-22T17:53:38">
        <properties>
          <property name="takeover.run" value="20261122-175333"/>
          <property name="takeover.version" value="0.1"/>
          <property name="takeover.site" value="lab.pair"/>
        </properties>
        <testcase classname="takeover.lab_pair.nightly_stop" name="graceful stop: takeover-within" time="15.000" file="Plans/nightly.yaml" line="7">
          <properties>
            <property name="takeover.expected" value="takeover-within 1s"/>
            <property name="takeover.atLeast.ns" value="688100000"/>
            <property name="takeover.atMost.ns" value="688500000"/>
          </properties>
          <system-out>t0  0 s ± 200 µs  blow on a
    t1  0.3 ms ± 200 µs  last advertisement of a
    t2  687.8 ms ± 200 µs  first advertisement of b
    t3  688.3 ms ± 200 µs  b announces 172.17.16.3
    t5  704.9 ms ± 250 µs  first good answer at client/arp
    t5  689.9 ms ± 300 µs  first good answer at client/echo
    t7  11.9849 s ± 250 µs  last good answer at client/arp
    t7  11.9899 s ± 300 µs  last good answer at client/echo
        687.550 ms ± 0 ns  detection and election (t2 − t1)
        0.500 ms ± 0 ns  announcement (t3 − t2)
        0.600 ± 0.001  phase of the blow, φ
        609.375ms, by VRRP's arithmetic  skew of b, M (VRRPv2, A = 1s, priority 100)
        78.175 ms ± 0 ns  residual, (t2 − t1) − M
        80.0; advertised: 100  effective priority of b, from t2 − t1
        16.55 ms ± 50 µs  repair at client/arp (t5 − t3)
        1.6 ms ± 100 µs  repair at client/echo (t5 − t3)
        700 ms ± 21 ms  outage at client/arp, 172.17.16.3
        680 ms ± 11 ms  outage at client/echo, 172.17.16.3
        684 ms ± 4.3 ms  no holder of 172.17.16.3</system-out>
        </testcase>
        <testcase classname="takeover.lab_pair.nightly_stop" name="graceful stop: outage-within" time="0.000" file="Plans/nightly.yaml" line="7">
          <properties>
            <property name="takeover.expected" value="outage-within 1s"/>
            <property name="takeover.atLeast.ns" value="679900000"/>
            <property name="takeover.atMost.ns" value="720100000"/>
          </properties>
        </testcase>
        <testcase classname="takeover.lab_pair.nightly_stop" name="graceful stop: single-holder" time="0.000" file="Plans/nightly.yaml" line="7">
          <properties>
            <property name="takeover.expected" value="single-holder 0ms"/>
            <property name="takeover.atLeast.ns" value="0"/>
            <property name="takeover.atMost.ns" value="0"/>
          </properties>
        </testcase>
      </testsuite>
    </testsuites>

    """

  static let terminal = """
             trial             takeover           longest outage  two holders
    PASS     graceful stop #1  688.3 ms ± 200 µs  700 ms ± 21 ms  never
    -        graceful stop #2  –                  –               –
    FAIL     crash             3.0103 s ± 200 µs  none seen       3.09 s ± 13 ms
    UNKNOWN  <doubt> & "more"  688.3 ms ± 200 µs  700 ms ± 21 ms  never

    crash:
      FAIL b took 172.17.16.3 3.0103 s ± 200 µs after the blow (its announcement); the limit is 1s.
      FAIL a and b both held 172.17.16.3 for 3.09 s ± 13 ms; none is allowed.
           The killed process on a is gone, but a's kernel still has 172.17.16.3 and answers ARP for it: nothing was left to take the address away.
      a was not healed: exit 1: not today

    <doubt> & "more":
      UNKNOWN b took 172.17.16.3 688.3 ms ± 200 µs after the blow (its announcement); the limit is 1s. No verdict: an observer died: wire/port-b: <b>|gone|</b> ::error::@all #x01.
      UNKNOWN client/arp had no good answer from 172.17.16.3 for 700 ms ± 21 ms; the limit is 1s. No verdict: an observer died: wire/port-b: <b>|gone|</b> ::error::@all #x01.
      UNKNOWN Never did two nodes hold 172.17.16.3 together. No verdict: an observer died: wire/port-b: <b>|gone|</b> ::error::@all #x01.

    The run stopped: a could not be healed.

    FAIL: of 4 trials on lab.pair, 1 missed an expectation, 1 without a verdict, 1 not reached, 1 passed.

    """
}

// What the panel of a run looks like, sign for sign.

// swift-format-ignore-file
struct PanelGolden: Sendable {
  var isCrash = false
  /// Milliseconds on the scenario's axis; the blow falls at 8000.
  var at: Double
  var columns: Int
  var rows: Int
  var text: String

  static let all = [
    PanelGolden(
      at: 0, columns: 80, rows: 24,
      text: """
        -- lab.pair ----------------------------------------------------------------
        a            not heard yet
        b            not heard yet
        172.17.16.3  held by nobody yet
        now     meeting the nodes  0.0 s
        trials  0 done, 3 to go: 36 s to 3 min 36 s by the plan       [............]
        """),
    PanelGolden(
      at: 7900, columns: 80, rows: 24,
      text: """
        -- lab.pair: graceful stop #1 (1 of 3) -------------------------------------
        a            holds       priority 100  advert 0.4 s of 1s     [#####.......]
        b            stands by
        172.17.16.3  a answers  in the kernel of a
        now     preparing the blow  0.9 s  then the blow: stop-service on holder
        trials  0 done, 3 to go: 34 s to 3 min 34 s by the plan       [............]
        """),
    PanelGolden(
      at: 8300, columns: 80, rows: 24,
      text: """
        -- lab.pair: graceful stop #1 (1 of 3) -------------------------------------
        a            held last, is silent
        b            stands by
        172.17.16.3  a answers  in nobody's kernel
        now     in force: stop-service on a  0.2 s of 6s              [............]
        trials  0 done, 3 to go: 33 s to 3 min 33 s by the plan       [............]
        """),
    PanelGolden(
      at: 8300, columns: 200, rows: 50,
      text: """
        -- lab.pair: graceful stop #1 (1 of 3) -------------------------------------
        a            held last, is silent
        b            stands by
        172.17.16.3  a answers  in nobody's kernel
        now     in force: stop-service on a  0.2 s of 6s              [............]
        trials  0 done, 3 to go: 33 s to 3 min 33 s by the plan       [............]
        next    graceful stop #2
                graceful stop #3
        """),
    PanelGolden(
      at: 8300, columns: 44, rows: 9,
      text: """
        -- lab.pair: graceful stop #1 (1 of … --
        now     in force: stop-ser…  0.2 s of 6s
        trials  0 done, 3 to go: 33 s to 3 min …
        """),
    PanelGolden(
      at: 21000, columns: 80, rows: 24,
      text: """
        -- lab.pair ----------------------------------------------------------------
        a            stands by
        b            holds       priority 100  advert 1.3 s of 1s     [############]
        172.17.16.3  nobody answers  in the kernel of b  announced by b 12.3 s ago
        now     writing the reports  0.9 s
        trials  1 done, 2 to go: about 30 s                           [####........]
        """),
    PanelGolden(
      isCrash: true, at: 12000, columns: 80, rows: 24,
      text: """
        -- lab.pair: graceful stop (1 of 1) ----------------------------------------
        a            stands by
        b            holds       priority 100  advert 0.9 s of 1s     [###########.]
        172.17.16.3  a and b answer  announced by b 0.9 s ago
        !       a and b both answer for 172.17.16.3, for 0.9 s
        now     in force: kill-process on a  3.9 s of 6s              [#######.....]
        trials  0 done, 1 to go: 5 s to 1 min 5 s by the plan         [............]
        """),
    PanelGolden(
      isCrash: true, at: 12000, columns: 200, rows: 50,
      text: """
        -- lab.pair: graceful stop (1 of 1) ----------------------------------------
        a            stands by
        b            holds       priority 100  advert 0.9 s of 1s     [###########.]
        172.17.16.3  a and b answer  announced by b 0.9 s ago
        !       a and b both answer for 172.17.16.3, for 0.9 s
        now     in force: kill-process on a  3.9 s of 6s              [#######.....]
        trials  0 done, 1 to go: 5 s to 1 min 5 s by the plan         [............]
        """),
  ]
}

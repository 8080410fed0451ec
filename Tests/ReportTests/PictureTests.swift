// Pictures of trials: the right things at the right places, and nothing that was not seen.

import TakeoverModel
import TakeoverReport
import Testing

@Suite struct `Pictures` {
  private static func picture(_ scenario: Scenario) throws -> Picture {
    let report = try scenario.judged()
    return try #require(TrialPicture.picture(of: report.trials[0], at: report.header.site))
  }

  private static func texts(_ picture: Picture) -> [String] {
    picture.marks.compactMap { if case .text(_, _, let words, _, _) = $0 { words } else { nil } }
  }

  /// Where a text's own lane is.
  private static func row(_ name: String, of picture: Picture) throws -> Double {
    let rows = picture.marks.compactMap { mark -> Double? in
      if case .text(_, let y, let words, .start, .ink) = mark, words == name { y } else { nil }
    }
    return try #require(rows.first, "no lane \(name) in \(texts(picture))")
  }

  /// The boxes of a lane, from left to right: where each begins and ends.
  private static func boxes(
    _ name: String, _ ink: Picture.Ink, of picture: Picture
  ) throws -> [(from: Double, to: Double)] {
    let base = try row(name, of: picture)
    return picture.marks.compactMap { mark in
      guard case .box(let x, let y, let width, let height, let own) = mark, own == ink,
        y > base - 14, y + height < base + 6
      else { return nil }
      return (x, x + width)
    }.sorted { $0.0 < $1.0 }
  }

  /// The axis as its ticks tell it: seconds to places.
  private static func scale(_ picture: Picture) throws -> (Double) -> Double {
    let ticks = picture.marks.compactMap { mark -> (Double, Double)? in
      guard case .text(let x, _, let words, .middle, .muted) = mark else { return nil }
      if words == "0" { return (0, x) }
      let number = Double(words.filter { $0.isNumber || $0 == "." || $0 == "-" })
      return number.map { (words.hasSuffix("ms") ? $0 / 1_000 : $0, x) }
    }
    let first = try #require(ticks.first { $0.0 == 0 })
    // Not the last one: its words stand beside it where the picture ends.
    let last = try #require(ticks.first { $0.0 > 0 })
    return { first.1 + $0 * (last.1 - first.1) / last.0 }
  }

  @Test func `a crash: both have the address until the healing, and the gap is measured out`()
    throws
  {
    let picture = try Self.picture(Scenario.crash(.takeoverWithin(.seconds(4))))
    let at = try Self.scale(picture)
    let old = try #require(try Self.boxes("a has 172.17.16.3", .first, of: picture).first)
    #expect(abs(old.to - at(6.1)) < 2 && old.from < at(0) - 20)
    let new = try #require(try Self.boxes("b has 172.17.16.3", .second, of: picture).first)
    #expect(abs(new.from - at(3.01)) < 2)
    let both = try #require(try Self.boxes("two holders", .fail, of: picture).first)
    #expect(abs(both.from - at(3.01)) < 3 && abs(both.to - at(6.1)) < 3)
    #expect(Self.texts(picture).contains("3.0103 s ± 200 µs until b has it"))
    #expect(Self.texts(picture).contains("kill-process on a"))
    #expect(Self.texts(picture).contains("healing"))
    #expect(Self.texts(picture).contains("limit 4s"))
    // The dimension line ends where the taker announced.
    let ends = picture.marks.compactMap { mark -> Double? in
      if case .box(let x, _, _, 9, .ink) = mark { x + 0.5 } else { nil }
    }
    #expect(ends.count == 2)
    #expect(abs(ends[0] - at(0)) < 1 && abs(ends[1] - at(3.0103)) < 1, "\(ends)")
  }

  @Test func `advertisements and goodbyes stand where they were sent`() throws {
    let picture = try Self.picture(Scenario.gracefulStop(.takeoverWithin(.seconds(1))))
    let at = try Self.scale(picture)
    let goodbye = try Self.boxes("a advertises", .first, of: picture)
      .filter { abs($0.to - $0.from - 6) < 0.01 }
    #expect(goodbye.count == 1 && abs(goodbye[0].from + 3 - at(0.00025)) < 2)
    let first = try #require(try Self.boxes("b advertises", .second, of: picture).first)
    #expect(abs(first.from + 1 - at(0.6878)) < 2)
    // The clients had no answer between the two.
    let silent = try #require(try Self.boxes("client/echo", .fail, of: picture).first)
    #expect(abs(silent.from - at(0)) < 12 && abs(silent.to - at(0.69)) < 12)
  }

  @Test func `the window in which the takeover was due lies behind it`() throws {
    func due(_ picture: Picture) -> [(Double, Double)] {
      picture.marks.compactMap {
        if case .box(let x, _, let width, _, .due) = $0 { (x, x + width) } else { nil }
      }
    }
    // Without a forecast: VRRP's arithmetic, priority 100, after a goodbye: 609.4 ms.
    let plain = try Self.picture(Scenario.gracefulStop())
    let at = try Self.scale(plain)
    let own = try #require(due(plain).first)
    #expect(abs(own.0 - at(0.6094)) < 2 && own.1 - own.0 < 6)

    var scenario = Scenario.gracefulStop()
    var promise = Forecast.Promise(taker: "b", formula: "f & g", meanwhile: .nobody)
    promise.wait = Elapsed(atLeast: .milliseconds(680), atMost: .milliseconds(690))
    func foretold(_ promise: Forecast.Promise) throws -> Picture {
      scenario.extra = [
        Scenario.run(
          10, .forecast(Forecast(plan: 0, trial: 0, holder: "a", reader: "r", .promised(promise))))
      ]
      return try Self.picture(scenario)
    }
    let band = try #require(due(try foretold(promise)).first)
    let scale = try Self.scale(try foretold(promise))
    #expect(abs(band.0 - scale(0.6803)) < 2 && abs(band.1 - scale(0.6908)) < 3)
    promise.origin = .blow
    #expect(try !due(foretold(promise)).isEmpty)
    // Where nobody was to take over, nothing was due.
    #expect(
      due(try foretold(Forecast.Promise(taker: nil, formula: "", meanwhile: .holder))).isEmpty)
  }

  @Test func `what is not known for certain is pale`() throws {
    var scenario = Scenario.crash()
    // a's kernel and its answers are not seen between two rounds a second apart.
    scenario.probes = false
    scenario.kernels = [Scenario.Stretch(node: "a", from: 0, to: 9_000)]
    let picture = try Self.picture(scenario)
    #expect(try !Self.boxes("a has 172.17.16.3", .firstPale, of: picture).isEmpty)
  }

  @Test func `without a blow there is no picture, and without a takeover no gap`() throws {
    let refused = try Judge().judge(`Hostile text`.refused("no"))
    #expect(TrialPicture.picture(of: refused.trials[0], at: refused.header.site) == nil)
    #expect(StripPicture.picture(of: refused) == nil)
    let nobody = try Self.picture(Scenario.noTakeover())
    #expect(!Self.texts(nobody).contains { $0.contains("has it") })
    #expect(nobody.marks.contains { if case .tip = $0 { true } else { false } } == false)
  }

  @Test(arguments: ["graceful", "crash", "link", "failback", "nobody"])
  func `nothing is drawn outside`(
    name: String
  ) throws {
    let stories = [
      "graceful": Scenario.gracefulStop(.takeoverWithin(.milliseconds(600))),
      "crash": Scenario.crash(.takeoverWithin(.seconds(20))), "link": Scenario.linkDown(),
      "failback": Scenario.failback(), "nobody": Scenario.noTakeover(),
    ]
    var report = try #require(stories[name]).judged()
    report.trials[0].timeline.course.blows[0].node = String(repeating: "long", count: 30)
    report.trials[0].timeline.claims[0].node = String(repeating: "node", count: 30)
    let drawn = Picture.Form.allCases.flatMap { form in
      [
        TrialPicture.picture(of: report.trials[0], at: report.header.site, form),
        StripPicture.picture(of: report, form),
      ].compactMap(\.self)
    }
    #expect(drawn.count >= 2)
    for picture in drawn {
      for mark in picture.marks {
        switch mark {
        case .box(let x, let y, let width, let height, _):
          #expect(x >= 0 && y >= 0 && x + width <= picture.width + 3, "\(mark)")
          #expect(y + height <= picture.height, "\(mark)")
        case .line(let x, let y, let toX, let toY, _, _):
          #expect(min(x, y) >= 0 && toX <= picture.width && toY <= picture.height, "\(mark)")
        case .tip(let x, let y, _): #expect(x <= picture.width && y + 9 <= picture.height)
        case .text(let x, let y, let words, let anchor, _):
          let width = Double(words.count) * Picture.letter.width
          let left = anchor == .start ? x : anchor == .middle ? x - width / 2 : x - width
          #expect(left >= -4 && left + width <= picture.width + 4, "\(mark)")
          #expect(y <= picture.height && y >= 8, "\(mark)")
        }
      }
    }
  }

  @Test func `the strip has a row for each trial, a sign for each repetition, and the limit`()
    throws
  {
    let model = try Scenario.crash(.takeoverWithin(.seconds(4))).judged()
    var report = model
    report.trials = (1...30).map { number in
      var one = model.trials[0]
      one.repetition = number
      one.timeline.header.repetition = number
      return one
    }
    var other = model.trials[0]
    other.name = "another"
    other.timeline.header.trial = 1
    other.timeline.takeover = nil
    report.trials.append(other)
    let strip = try #require(StripPicture.picture(of: report))
    let signs = strip.marks.count {
      if case .box(_, _, let width, 6, .pass) = $0 { abs(width - 6) < 0.01 } else { false }
    }
    #expect(signs == 30)
    #expect(Self.texts(strip).contains("graceful stop ×30"))
    #expect(Self.texts(strip).contains("no takeover"))
    #expect(
      strip.marks.contains { if case .line(_, _, _, _, .fail, true) = $0 { true } else { false } })
  }

  @Test func `a storm of announcements makes no storm of signs`() throws {
    var scenario = Scenario.gracefulStop()
    scenario.announcements = (0..<5_000).map { (node: "b", at: 8_688.5 + Double($0) / 10) }
    scenario.probes = false
    let report = try scenario.judged()
    let course = report.trials[0].timeline.course
    #expect(course.announcements.count < 120)
    // Seen at three points, and counted once.
    #expect(course.announcements.reduce(0) { $0 + $1.count } == 5_000)
    #expect(PageReport().render(report).count < 60_000)
  }

  @Test func `when there are too many, what did not pass is drawn first`() throws {
    var report = try GoldenReports.healthy()
    let passed = report.trials[0]
    report.trials = (0..<500).map { number in
      var one = passed
      one.outcome = number % 5 == 4 ? .fail : .pass
      return one
    }
    let drawn = PictureFiles.drawn(of: report)
    #expect(drawn.count == 200 && drawn == drawn.sorted())
    #expect(drawn.count { report.trials[$0].outcome == .fail } == 100)
  }

  @Test func `an SVG file is well-formed, self-contained and says what it is`() throws {
    let report = try Judge().judge(`Hostile text`.journals(`Hostile text`.hostile)[4])
    var files = 0
    for one in [report, try GoldenReports.mixed()] {
      var named = one
      named.trials[0].name = `Hostile text`.hostile
      PictureFiles.each(of: named) { file in
        guard file.path.hasSuffix(".svg") else { return }
        files += 1
        let root = try? XMLTree.parsed(file.bytes)
        #expect(root?.name == "svg")
        #expect(root?.children.prefix(2).map(\.name) == ["title", "desc"])
        #expect(
          root?.children.allSatisfy { !$0.text.isEmpty || $0.name == "rect" || $0.name == "path" }
            == true)
        let text = String(decoding: file.bytes, as: UTF8.self)
        #expect(`Hostile text`.isPlain(text))
        #expect(text.ranges(of: "http").count == 1, "its namespace only")
      }
    }
    #expect(files > 4)
  }
}

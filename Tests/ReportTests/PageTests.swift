// report.html: one file that fetches nothing, the verdict first, failures open, and everything that nodes
// say nothing but text.

import Foundation
import TakeoverModel
import TakeoverReport
import Testing

@Suite struct `The page` {
  private static func page(_ report: Report) throws -> PageTags {
    try PageTags(PageReport().render(report))
  }

  /// A crash whose commands are known, forty times over.
  private static func long(_ count: Int) throws -> Report {
    var report = try GoldenReports.mixed()
    let models = report.trials.filter { !$0.isLeftOut }
    report.trials = (0..<count).map { number in
      var one = models[number % models.count]
      one.repetition = number + 1
      one.timeline.trial.repetitions = count
      return one
    }
    return report
  }

  @Test func `the verdict is the first thing on it`() throws {
    let page = try Self.page(try GoldenReports.mixed())
    let body = try #require(page.tags.firstIndex { $0.name == "body" })
    #expect(page.tags[body...].prefix(4).map(\.name) == ["body", "header", "h1", "b"])
    let words = page.texts.filter { $0.contains { !$0.isWhitespace } }
    #expect(words.dropFirst().first == "FAIL")
    #expect(
      words.contains(
        ": of 4 trials on lab.pair, 1 missed an expectation, 1 without a verdict, "
          + "1 not reached, 1 passed"))
    #expect(words.contains("A node could not be healed."))
  }

  @Test func `what needs a reader is open, what passed is folded`() throws {
    let details = try Self.page(try GoldenReports.mixed()).all("details")
    #expect(details.map { $0.attributes["class"] } == ["fail", "unknown", "left", "pass"])
    #expect(details.map { $0.attributes["open"] != nil } == [true, true, false, false])
  }

  @Test func `it refers to nothing outside of its folder, and runs nothing`() throws {
    for report in [try GoldenReports.mixed(), try GoldenReports.healthy(), try Self.long(5)] {
      let bytes = PageReport().render(report)
      let text = String(decoding: bytes, as: UTF8.self)
      for word in ["http:", "https:", "//", "url(", "@import", "javascript:", "data:", "<script"] {
        #expect(!text.contains(word), "\(word)")
      }
      let page = try PageTags(bytes)
      let known: Set<String> = [
        "html", "head", "meta", "title", "style", "body", "header", "main", "section", "h1", "h2",
        "h3", "h4", "p", "b", "a", "ul", "li", "code", "pre", "div", "table", "caption", "thead",
        "tbody", "tr", "th", "td", "details", "summary", "figure", "figcaption", "svg", "desc",
        "path", "text",
      ]
      #expect(Set(page.tags.map(\.name)).subtracting(known) == [])
      let ids = Set(page.tags.compactMap { $0.attributes["id"] })
      for tag in page.tags {
        #expect(
          !tag.attributes.keys.contains { $0.hasPrefix("on") || $0 == "src" || $0 == "style" })
        guard let reference = tag.attributes["href"] else { continue }
        if reference.hasPrefix("#") {
          #expect(ids.contains(String(reference.dropFirst())), "\(reference) leads nowhere")
        } else {
          #expect(!reference.contains(":") && !reference.hasPrefix("/"), "\(reference)")
        }
      }
    }
  }

  @Test func `its policy forbids what it does not do`() throws {
    let metas = try Self.page(try GoldenReports.healthy()).all("meta")
    let policy = metas.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
    #expect(policy?.attributes["content"]?.hasPrefix("default-src 'none'; style-src") == true)
    #expect(metas.contains { $0.attributes["charset"] == "utf-8" })
    #expect(metas.contains { $0.attributes["name"] == "viewport" })
  }

  @Test func `no name stands twice, and each picture says what it is`() throws {
    let page = try Self.page(try GoldenReports.mixed())
    let ids = page.tags.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    let pictures = page.all("svg")
    // The strip, and the three trials that were carried out, each once more for telephones.
    #expect(pictures.count == 8)
    #expect(page.all("div").count { $0.attributes["hidden"] != nil } == 4)
    for picture in pictures {
      #expect(picture.attributes["role"] == "img")
      let labels = picture.attributes["aria-labelledby"]?.split(separator: " ").map(String.init)
      #expect(labels?.count == 2 && Set(labels ?? []).isSubset(of: ids))
    }
    // Without styles the colours are attributes, without colours there are words.
    for shape in page.tags where ["path", "text"].contains(shape.name) {
      #expect((shape.attributes["fill"] ?? shape.attributes["stroke"])?.hasPrefix("#") == true)
    }
    #expect(page.texts.count { $0 == "FAIL" } >= 3)
  }

  @Test func `every number of the picture is in a table beside it`() throws {
    let report = try Scenario.crash(.takeoverWithin(.seconds(1))).judged()
    let texts = try Self.page(report).texts
    for words in ["3.0103 s ± 200 µs", "t3", "6.09 s ± 11 ms", "before the blow", "the end"] {
      #expect(texts.contains(words), "\(words) of \(texts)")
    }
  }

  @Test func `the commands are those of the journal, to the letter`() throws {
    let kill = Command.script("kill -9 \"$1\" && echo '<&>' > /dev/null\n  exit 0\n", ["42"])
    var procedure = Procedure(
      prepare: [Command("look", "it's here")], inject: [Command("first"), kill],
      confirm: [Command("test", "!", "-e", "/run/x")], heal: [Command("start")], confirmHealed: [])
    procedure.place = .outside
    let use = FaultUse(kind: "kill-process", arguments: Arguments(["signal": .text("KILL")]))
    var scenario = Scenario.crash(.singleHolder(.zero))
    scenario.repetitions = 2
    let said = Event.procedure(NodeProcedure(node: "a", fault: use, procedure: procedure))
    // The same again: it is shown once.
    scenario.extra = [Scenario.run(7_500, said), Scenario.run(7_600, said)]
    var observations = scenario.observations
    guard case .runBegan(var header) = observations[0].event else { return }
    header.plans[0].trials[0].fault = use
    observations[0].event = .runBegan(header)
    for index in observations.indices {
      if case .blow(var struck) = observations[index].event {
        struck.fault = use
        observations[index].event = .blow(struck)
      }
    }
    let report = try Judge().judge(observations)
    #expect(report.procedures.map(\.procedure) == [procedure])
    let page = try Self.page(report)
    let shown = page.texts.filter { $0.hasPrefix("\n") && $0.count > 1 }.map { $0.dropFirst() }
    let wanted = [procedure.prepare, procedure.inject, procedure.confirm, procedure.heal]
      .flatMap { $0.map(\.shellText) }
    #expect(wanted.allSatisfy { words in shown.contains { $0 == words } }, "\(shown)")
    #expect(page.texts.contains("kill-process on a, from outside"))
    #expect(page.texts.contains(" (signal: KILL)"))
    let links = page.all("a").filter { $0.attributes["href"] == "#commands-1" }
    #expect(links.count == 1)
  }

  @Test func `a hundred trials are less than two megabytes, a thousand not much more`() throws {
    let hundred = try Self.long(100)
    let page = PageReport().render(hundred)
    #expect(page.count < 2_000_000)
    #expect(try PageTags(page).all("svg").count == 202)
    var passes = try Self.long(1_000)
    for index in passes.trials.indices where index % 10 > 0 {
      passes.trials[index].outcome = .pass
      passes.trials[index].state = .judged
    }
    let large = PageReport().render(passes)
    #expect(large.count < 5_000_000)
    #expect(String(decoding: large, as: UTF8.self).contains("more have their row above"))
    // All that did not pass are shown, whatever their number is.
    let failed = passes.trials.indices.filter { passes.trials[$0].outcome != .pass }
    #expect(failed.allSatisfy { PictureFiles.drawn(of: passes).contains($0) })
  }

  @Test(arguments: `Hostile text`.indices) func `remote text makes no tag and no attribute`(
    index: Int
  ) throws {
    func page(_ text: String) throws -> PageTags {
      try Self.page(try Judge().judge(`Hostile text`.journals(text)[index]))
    }
    let tame = try page("tame")
    let hostile = try page(`Hostile text`.hostile)
    #expect(hostile.tags.map(\.name) == tame.tags.map(\.name))
    #expect(
      hostile.tags.map { Set($0.attributes.keys) } == tame.tags.map { Set($0.attributes.keys) })
    for text in hostile.texts { #expect(`Hostile text`.isPlain(text), "\(text.debugDescription)") }
  }

  @Test func `a capture's name is a file beside the page, whatever it is called`() throws {
    var report = try GoldenReports.healthy()
    report.header.site.captures.append(
      CapturePoint(name: "javascript:x?y#z \"<ä", interface: "e", through: "a"))
    let references = try Self.page(report).all("a").compactMap { $0.attributes["href"] }
    #expect(references.contains("evidence-javascript%3Ax%3Fy%23z%20%22%3C%C3%A4.pcapng"))
  }
}

// A picture as SVG: presentation attributes, so that it is whole where a page's styles are blocked, and
// classes, so that a page may give its inks other values in the dark.

enum PictureSVG {
  /// A file of its own, on white paper.
  static func document(_ picture: Picture) -> [UInt8] {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    write(picture, id: "p", hasPaper: true, into: &text)
    return Array((text + "\n").utf8)
  }

  /// Within a page; `id` is the page's own for this picture.
  static func element(_ picture: Picture, id: String) -> String {
    var text = ""
    write(picture, id: id, hasPaper: false, into: &text)
    return text
  }

  private static func write(
    _ picture: Picture, id: String, hasPaper: Bool, into text: inout String
  ) {
    let (width, height) = (number(picture.width), number(picture.height))
    // In a page the element is known without its namespace.
    let namespace = hasPaper ? " xmlns=\"http://www.w3.org/2000/svg\"" : ""
    text += "<svg\(namespace) viewBox=\"0 0 \(width) \(height)\""
    text += " width=\"\(width)\" height=\"\(height)\" role=\"img\""
    text += " aria-labelledby=\"\(id)-t \(id)-d\" font-size=\"11.7\""
    text += " font-family=\"'DejaVu Sans Mono',Menlo,Consolas,monospace\">\n"
    text += "<title id=\"\(id)-t\">\(Markup.escaped(picture.title))</title>\n"
    text += "<desc id=\"\(id)-d\">\(Markup.escaped(picture.words))</desc>\n"
    if hasPaper {
      text += "<rect width=\"\(width)\" height=\"\(height)\""
      text += " fill=\"\(Picture.Ink.hexadecimal(Picture.Ink.paper.light))\"/>\n"
    }
    var shapes: (ink: Picture.Ink, path: String)?
    func close() {
      guard let done = shapes else { return }
      text += "<path \(attributes(done.ink)) d=\"\(done.path)\"/>\n"
      shapes = nil
    }
    for mark in picture.marks {
      if let (ink, path) = shape(mark) {
        // What is drawn next to each other in one ink is one element.
        if shapes?.ink == ink {
          shapes?.path += path
        } else {
          close()
          shapes = (ink, path)
        }
        continue
      }
      close()
      write(mark, into: &text)
    }
    close()
    text += "</svg>"
  }

  private static func shape(_ mark: Picture.Mark) -> (Picture.Ink, String)? {
    switch mark {
    case .box(let x, let y, let width, let height, let ink):
      let (x, y, width, height) = (number(x), number(y), number(width), number(height))
      return (ink, "M\(x) \(y)h\(width)v\(height)h-\(width)z")
    case .line(let x, let y, let toX, let toY, let ink, false):
      return x == toX
        ? (ink, "M\(number(x - 0.5)) \(number(y))h1V\(number(toY))h-1z")
        : (ink, "M\(number(x)) \(number(y - 0.5))H\(number(toX))v1H\(number(x))z")
    case .tip(let x, let y, let ink):
      return (ink, "M\(number(x)) \(number(y))l4 9h-8z")
    case .line, .text: return nil
    }
  }

  private static func write(_ mark: Picture.Mark, into text: inout String) {
    switch mark {
    case .line(let x, let y, let toX, let toY, let ink, _):
      text += "<path class=\"s-\(ink.rawValue)\" stroke=\"\(colour(ink))\" stroke-dasharray=\"4 3\""
      text += " d=\"M\(number(x)) \(number(y))L\(number(toX)) \(number(toY))\"/>\n"
    case .text(let x, let y, let words, let anchor, let ink):
      text += "<text \(attributes(ink)) x=\"\(number(x))\" y=\"\(number(y))\""
      if anchor != .start { text += " text-anchor=\"\(anchor.rawValue)\"" }
      text += ">\(Markup.escaped(words))</text>\n"
    case .box, .tip: break
    }
  }

  private static func attributes(_ ink: Picture.Ink) -> String {
    "class=\"i-\(ink.rawValue)\" fill=\"\(colour(ink))\""
  }

  private static func colour(_ ink: Picture.Ink) -> String { Picture.Ink.hexadecimal(ink.light) }

  /// To a tenth of a point.
  private static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }
}

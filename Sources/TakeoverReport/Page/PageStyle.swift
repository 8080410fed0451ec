// How report.html looks: light and dark, on paper, on a telephone. Without any of it the page is still
// whole: words say what colours say.

enum PageStyle {
  static let sheet = """
    :root{color-scheme:light dark;\(variables(\.light))}
    @media screen and (prefers-color-scheme:dark){:root{\(variables(\.dark))}}
    *{box-sizing:border-box}
    html{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
    body{margin:0 auto;max-width:64rem;padding:1rem 1.25rem 4rem}
    h1{font-size:1.5rem;line-height:1.3;margin:.5rem 0 1rem}
    h2{font-size:1.15rem;margin:2.25rem 0 .75rem}
    h3{display:inline;font-size:1rem;margin:0}
    h4{font-size:.95rem;margin:1.25rem 0 .4rem}
    p{margin:.5rem 0}
    a{color:var(--first)}
    .v{font-weight:700;letter-spacing:.02em}
    h1 .v{font-size:1.75rem}
    .v.pass{color:var(--pass)}
    .v.fail{color:var(--fail)}
    .v.unknown{color:var(--unknown)}
    .v.left{color:var(--muted)}
    .note{color:var(--muted);font-size:.9rem}
    .alarm{border:2px solid var(--fail);border-radius:.4rem;padding:.6rem .9rem}
    details{border:1px solid var(--faint);border-left:.35rem solid var(--faint)}
    details{border-radius:.4rem;margin:.75rem 0;padding:0 .9rem}
    details.fail{border-left-color:var(--fail)}
    details.unknown{border-left-color:var(--unknown)}
    details.pass{border-left-color:var(--pass)}
    summary{cursor:pointer;padding:.6rem 0}
    details>div{padding-bottom:.75rem}
    ul{margin:.5rem 0;padding-left:1.25rem}
    li{margin:.35rem 0;overflow-wrap:anywhere}
    .wide{overflow-x:auto;margin:.75rem 0}
    table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--muted);padding-bottom:.25rem}
    th,td{text-align:left;vertical-align:top;padding:.25rem .9rem .25rem 0}
    td{border-top:1px solid var(--faint);overflow-wrap:break-word}
    .value{white-space:nowrap}
    td:nth-child(2){min-width:8rem}
    .beside{display:flex;flex-wrap:wrap;column-gap:3rem;align-items:start}
    .beside>.wide{max-width:100%}
    th{font-weight:600}
    figure{margin:1rem 0}
    figcaption{color:var(--muted);font-size:.875rem}
    svg{display:block;width:100%;height:auto}
    .broad svg{max-width:60rem}
    .narrow svg{max-width:30rem}
    pre{background:color-mix(in srgb,var(--faint) 40%,transparent);border-radius:.3rem}
    pre{padding:.5rem .75rem;font-size:.8125rem;white-space:pre-wrap;overflow-wrap:anywhere}
    \(inks)
    @media (max-width:44rem){
    body{padding:.5rem .75rem 3rem}
    h1{font-size:1.25rem}
    .broad{display:none}
    .narrow{display:block}
    }
    @media print{
    body{max-width:none;padding:0}
    details{break-inside:avoid}
    details::details-content{content-visibility:visible;block-size:auto;display:block}
    }
    """

  private static func variables(_ shade: KeyPath<Picture.Ink, UInt32>) -> String {
    Picture.Ink.allCases.map { ink in
      "--\(ink.rawValue):\(Picture.Ink.hexadecimal(ink[keyPath: shade]))"
    }.joined(separator: ";")
  }

  /// A style outweighs a presentation attribute (SVG 2, 6.6).
  private static let inks = Picture.Ink.allCases.map { ink in
    "svg .i-\(ink.rawValue){fill:var(--\(ink.rawValue))}"
      + "svg .s-\(ink.rawValue){stroke:var(--\(ink.rawValue))}"
  }.joined(separator: "\n")
}

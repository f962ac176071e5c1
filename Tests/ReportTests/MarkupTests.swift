import Record
import Report
import Testing

@Suite("Text in HTML")
struct HTMLTextTests {
  @Test(
    "text is escaped for content and attributes",
    arguments: [
      ("plain", "plain"), ("a < b & \"c\" > d", "a &lt; b &amp; &quot;c&quot; &gt; d"), ("nul\u{0}", "nul\u{FFFD}"),
      ("bell\u{7}\u{9F}", "bell\u{FFFD}\u{FFFD}"), ("tab\tline\n", "tab\tline\n"), ("a\r\nb", "a\nb"),
      ("safe\u{202E}gpj.exe", "safegpj.exe"), ("\u{FFFF}", "\u{FFFD}"), ("ünï — שלום 🧪", "ünï — שלום 🧪"),
    ]
  )
  func escapes(_ text: String, _ expected: String) { #expect(text.escaped == expected) }

  @Test("white space is squeezed, but spaces that hold words together stay")
  func squeezes() {
    #expect("  a \n b\t c ".squeezed() == "a b c")
    #expect("93\u{A0}%".squeezed() == "93\u{A0}%")
    #expect("abcdef".squeezed(limit: 3) == "abc…")
    #expect("some words of a text".squeezed(limit: 12) == "some words…")
  }
}

@Suite("Names of places")
struct SlugTests {
  @Test(
    "titles become ASCII names",
    arguments: [
      ("Results and Discussion", "results-and-discussion"), ("  1. Größe & Maß  ", "1-groesse-mass"),
      ("The author’s code", "the-authors-code"), ("λ → ∞", "lambda"), ("Location", "the-location"),
      ("", "section-e3b0c442"),
    ]
  )
  func makes(_ title: String, _ expected: String) { #expect(Slug.make(title) == expected) }

  @Test("a title without ASCII letters gets a name that does not change")
  func foreign() {
    #expect(Slug.make("结果") == Slug.make("结果"))
    #expect(Slug.make("结果") != Slug.make("方法"))
  }

  @Test(
    "an author's own name cannot break out of an attribute or hide a DOM property",
    arguments: [
      ("fig-loss", "fig-loss"), ("a b", "a-b"), ("\"onload=x", "onload-x"), ("document", "the-document"),
      ("größe", "größe"),
    ]
  )
  func sanitizes(_ id: String, _ expected: String) { #expect(Slug.sanitize(id) == expected) }

  @Test("a name is handed out once")
  func unique() {
    var names = UniqueNames(reserved: ["content"])
    #expect(
      [names.take("a"), names.take("a"), names.take("a-2"), names.take("a"), names.take("content")]
        == ["a", "a-2", "a-2-2", "a-3", "content-2"]
    )
  }
}

@Suite("Digests")
struct DigestTests {
  @Test(
    "SHA-256 of the standard's examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (String(repeating: "a", count: 1_000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
    ]
  )
  func sha256(_ text: String, _ expected: String) { #expect(ContentHash(text).description == expected) }

  @Test(
    "base 64 pads its end",
    arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
  )
  func base64(_ text: String, _ expected: String) { #expect(Array(text.utf8).base64 == expected) }
}

@Suite("JSON")
struct JSONTests {
  @Test("values are written in order and cannot end a script element")
  func writes() {
    let value = JSON.object([
      "b": .string("</script>\u{2028}\"\\\n"),
      "a": .array([.integer(1), .number(0.5), .number(.nan), .bool(true), .null]),
      "gone": nil,
    ])
    #expect(value.text == #"{"b":"\u003c/script>\u2028\"\\\n","a":[1,0.5,null,true,null]}"#)
  }
}

@Suite("The sieve for HTML")
struct HTMLSieveTests {
  @Test(
    "what could run, load or change the page is left out",
    arguments: [
      ("<script>alert(1)</script>text", "text"), ("<SCRIPT SRC=x></SCRIPT>", ""),
      ("<p onclick=steal()>a</p>", "<p>a</p>"),
      ("<a href=\"javascript:alert(1)\">a</a>", "<a>a</a>"), ("<a href=\"jAvA&#115;cript:x\">a</a>", "<a>a</a>"),
      ("<a href=\"java\tscript:x\">a</a>", "<a>a</a>"), ("<a href=\" &#1; javascript:x\">a</a>", "<a>a</a>"),
      ("<a href=\"https://example.org/?a=1&amp;b=2\">a</a>", "<a href=\"https://example.org/?a=1&amp;b=2\">a</a>"),
      ("<img src=x onerror=alert(1)>", ""), ("<svg><script>x</script></svg>b", "b"),
      ("<iframe src=x>in</iframe>b", "b"),
      ("<style>body{display:none}</style>b", "b"), ("<b>bold", "<b>bold</b>"), ("</div></article>b", "b"),
      ("<p>a<p>b", "<p>a</p><p>b</p>"), ("<form action=x><input name=y>c</form>", "c"),
      ("<b id=location>x</b>", "<b>x</b>"),
      ("<div style=\"position:fixed\">x</div>", "<div>x</div>"),
      ("<b class=\"bar skip\">x</b>", "<b class=\"u-bar u-skip\">x</b>"),
      ("<math><mtext><img src=x onerror=y></mtext></math>z", "z"), ("<!--><script>x</script>-->", ""),
      ("<b a=1 a=2 title=\"x\" title='y'>t</b>", "<b title=\"x\">t</b>"), ("a < b > c", "a &lt; b &gt; c"),
      ("<a/href=javascript:x>y</a>", "<a>y</a>"), ("<<b>x", "&lt;<b>x</b>"),
      ("<b><script></b>y</script>z</b>", "<b>z</b>"),
      ("<meta http-equiv=refresh content=0>x", "x"), ("<base href=//evil>x", "x"), ("&lt;script&gt;", "&lt;script&gt;"),
    ]
  )
  func cleans(_ source: String, _ expected: String) { #expect(HTMLSieve.clean(source).html == expected) }

  @Test("what was left out is named")
  func names() {
    #expect(HTMLSieve.clean("<p onclick=x>a</p><script>b</script>").removed == ["onclick", "<script>"])
  }

  @Test("cleaning twice changes nothing more")
  func idempotent() {
    let source = "<table><tr><td>1<td>2</table><ul><li>a<li>b</ul><details open><summary>s</summary>t</details>"
    let once = HTMLSieve.clean(source).html
    #expect(HTMLSieve.clean(once).html == once)
  }
}

@Suite("The sieve for SVG")
struct SVGSieveTests {
  @Test(
    "drawings hold nothing that runs or loads",
    arguments: [
      ("<svg><script>x</script><path d=\"M0 0\"/></svg>", "<svg><path d=\"M0 0\"/></svg>"),
      ("<svg onload=\"x\"><g/></svg>", "<svg><g/></svg>"),
      ("<svg><foreignObject><p>x</p></foreignObject></svg>", "<svg></svg>"),
      ("<svg><image href=\"https://evil/x.png\"/></svg>", "<svg><image/></svg>"),
      ("<svg><use xlink:href=\"other.svg#a\"/></svg>", "<svg><use/></svg>"),
      ("<svg><a href=\"javascript:x\"><text>t</text></a></svg>", "<svg><a><text>t</text></a></svg>"),
      ("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>", "]><svg/>"),
      (
        "<svg viewBox=\"0 0 1 1\" onload=x><linearGradient id=\"a\"/></svg>",
        "<svg viewBox=\"0 0 1 1\"><linearGradient id=\"a\"/></svg>"
      ),
    ]
  )
  func cleans(_ source: String, _ expected: String) { #expect(SVGSieve.clean(source) == expected) }

  @Test("a harmless drawing is left as it is")
  func keeps() {
    let source =
      "<svg viewBox=\"0 0 1 1\"><style>.a{fill:#fff}</style><path fill=\"url(#g)\" d=\"M0 0\"/><use href=\"#a\"/></svg>"
    #expect(SVGSieve.clean(source) == source)
  }
}

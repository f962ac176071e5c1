import Report
import Testing

@Suite("BibTeX")
struct BibTeXTests {
  private func first(_ source: String) -> BibEntry? { BibTeXParser(source).entries.first }

  @Test("fields in braces, quotes, joined parts and macros are read")
  func fields() throws {
    let entry = try #require(
      first(
        """
        @string{conf = "Proc. of "}
        @InProceedings{ key:1,
          title = "A {Title} with \\"{U}mlaut -- and more",
          booktitle = conf # {Things}, month = jan, year = 2024, pages = {1--9},
        }
        """
      )
    )
    #expect(entry.key == "key:1")
    #expect(entry.type == "inproceedings")
    #expect(entry.fields["title"] == "A Title with Ümlaut – and more")
    #expect(entry.fields["booktitle"] == "Proc. of Things")
    #expect(entry.fields["month"] == "January")
    #expect(entry.fields["year"] == "2024")
  }

  @Test(
    "TeX marks become text",
    arguments: [
      (#"G{\"o}del"#, "Gödel"), (#"Erd{\H o}s"#, "Erdős"), (#"\'Etienne"#, "Étienne"), (#"Ho{\v{s}}ek"#, "Hošek"),
      (#"\O{}rsted"#, "Ørsted"), (#"Stra\ss e"#, "Straße"), (#"a \& b"#, "a & b"), (#"Paul~Erdos"#, "Paul\u{A0}Erdos"),
      (#"$\alpha$-stable"#, "α-stable"), ("1---2", "1—2"),
    ]
  )
  func marks(_ source: String, _ expected: String) throws {
    let entry = try #require(first("@misc{k, title = {\(source)}}"))
    #expect(entry.fields["title"] == expected)
  }

  @Test("names are read in both orders")
  func names() throws {
    let entry = try #require(first("@misc{k, author = {Lovelace, Ada and Charles Babbage and others}}"))
    #expect(entry.authors == ["Ada Lovelace", "Charles Babbage", "et al."])
    #expect(entry.shortAuthors == "Lovelace et al.")
  }

  @Test(
    "identifiers are found wherever files put them",
    arguments: [
      ("doi = {https://doi.org/10.1/a}", "10.1/a", nil), ("doi = {10.1/a}", "10.1/a", nil),
      ("eprint = {2401.01234}, archivePrefix = {arXiv}", nil, "2401.01234"),
      ("journal = {arXiv preprint arXiv:2401.01234}", nil, "2401.01234"),
      ("url = {https://arxiv.org/abs/2401.01234v2}", nil, "2401.01234"), ("note = {none}", nil, nil),
    ] as [(String, String?, String?)]
  )
  func identifiers(_ field: String, _ doi: String?, _ arxiv: String?) throws {
    let entry = try #require(first("@misc{k, \(field)}"))
    #expect(entry.doi == doi)
    #expect(entry.arxiv == arxiv)
  }

  @Test("what cannot be read is reported with its line and does not take the rest along")
  func broken() {
    let parser = BibTeXParser(
      "@article{a, title = {one}\n@article{b, title {two}}\n@comment{x}\n@misc{c, title = {three}}"
    )
    #expect(parser.entries.map(\.key) == ["a", "b", "c"])
    #expect(parser.problems.map(\.line) == [1, 2])
  }

  @Test(
    "hostile input ends",
    arguments: ["@", "@a", "@a{", "@a{k", "@a{k,", "@a{k, x = ", "@a{k, x = {", "@a{k, x = \"\\", "@string{", "@a{{{{"]
  )
  func ends(_ source: String) { #expect(BibTeXParser(source).entries.count <= 1) }
}

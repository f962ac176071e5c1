extension Dataset {
  /// Dialogue of plays as plain text: 1,115,394 characters, 65 of them different, in `input.txt`.
  public static let tinyShakespeare = Dataset(
    name: "tiny-shakespeare",
    summary: "1,115,394 characters of Shakespeare's dialogue",
    licence: "public domain",
    source: "github.com/karpathy/char-rnn at 6f9487a6, data/tinyshakespeare/input.txt",
    files: [
      File(
        "input.txt",
        sha256: "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        address:
          "https://raw.githubusercontent.com/karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt"
      )
    ]
  )
}

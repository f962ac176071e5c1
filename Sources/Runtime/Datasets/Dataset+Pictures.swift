extension Dataset {
  /// Ten thousand grey pictures of 28 × 28 pixels of ten kinds of clothing, in no order: the test part of Fashion-MNIST.
  ///
  /// `t10k-images-idx3-ubyte.gz` and `t10k-labels-idx1-ubyte.gz`: IDX files, packed by gzip.
  public static let fashionMNIST = Dataset(
    name: "fashion-mnist",
    summary: "10,000 grey pictures of clothing, 28 × 28 pixels, ten kinds",
    licence: "MIT (Zalando SE)",
    source: "Debian package dataset-fashion-mnist 0.0~git20200523.55506a9-1, /usr/share/datasets/fashion-mnist",
    files: [
      File(
        "t10k-images-idx3-ubyte.gz",
        sha256: "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa"
      ),
      File(
        "t10k-labels-idx1-ubyte.gz",
        sha256: "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05"
      ),
    ]
  )
}

extension Dataset {
  /// Heterophilic graphs with ten splits each: web pages of two universities, Wikipedia articles, actors, a game.
  ///
  /// `*.npz`: `node_features` `[n, d]`, `node_labels` `[n]`, `edges` `[m, 2]` (each undirected edge once), and `train_masks`,
  /// `val_masks`, `test_masks` `[10, n]`, which are the usual splits of 48, 32 and 20 %. Chameleon and Squirrel hold duplicated
  /// nodes, which the files `*_filtered` lack.
  public static let heterophilousGraphs = Dataset(
    name: "heterophilous-graphs",
    summary: "eight graphs whose neighbours mostly differ, with features, labels and ten splits",
    licence: "MIT",
    source: "https://raw.githubusercontent.com/yandex-research/heterophilous-graphs/"
      + "a431395582e929d88271309716bea4fe24ce6318/data",
    files: File.all(
      [
        File("actor.npz", sha256: "c350eef06b2c2a9bf8218be2b57cac6d4003d0922eb597a039e9123f75817816"),
        File("chameleon.npz", sha256: "4c640bd2877fc4f9f101531e2f977bc16445a54e09a5cb01178df608e552f3fd"),
        File("chameleon_filtered.npz", sha256: "bf46f07e1fb5249280447e5fe3100f3e82fc4b93ad1e13ffcfdec924b6ac0bb5"),
        File("cornell.npz", sha256: "684c54ba3daa13b0ba1f04a3d6dd1b1175c1ae9bdeb982851fd4ff96d3aac298"),
        File("minesweeper.npz", sha256: "e664c8dacf1e8ac466c2c09ed4b237bd2c5541f47a6eae9c6092cb87f16412b3"),
        File("squirrel.npz", sha256: "d436e3b42c0546b105241c0ab0766097074e68e55f67b133eeb9b0162e55cbd9"),
        File("squirrel_filtered.npz", sha256: "f06370ffb3116c5de8b7a600005400b2293c025e0ce2f6916d8201a825505ac7"),
        File("texas.npz", sha256: "b164b99e6c3d43e4ab07488ec59bd8c815f90cbc1bd4cf425ce587d2b534d844"),
      ],
      below: "https://raw.githubusercontent.com/yandex-research/heterophilous-graphs/"
        + "a431395582e929d88271309716bea4fe24ce6318/data"
    )
  )
}

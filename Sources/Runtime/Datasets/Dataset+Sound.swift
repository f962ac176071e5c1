extension Dataset {
  private static let sums = "SHA256SUMS"

  /// Sentences of four professional voices, 150 s each, at 8 kHz: WAV, mono, 16 bits.
  ///
  /// One folder a speaker; `index.csv` names file, speaker, seconds and split (train, valid, test).
  public static let speechPrompts = Dataset(
    name: "speech-prompts-8k",
    summary: "sentences of four voices (Allison Smith, June Wallack, Carlo Flora, a voice of ivrvoice.ru), 8 kHz",
    licence: "CC BY-SA 3.0 (Russian voice: CC BY 3.0); name the speaker and the licence where you play them",
    source: "downloads.asterisk.org/pub/telephony/sounds/releases, asterisk-core-sounds-{en,fr,it,ru}-wav-1.6.1.tar.gz "
      + "(Debian packages asterisk-core-sounds-*-wav 1.6.1-1)",
    manifest: File(sums, sha256: "a4de15e0cdb4981f11d164138d14a06cd6ed38360702697d56e651a0c9148166")
  )

  /// Spoken digits of four men, 600 files at 8 kHz: WAV, mono, 16 bits, named `digit_speaker_take.wav`.
  ///
  /// Takes 0 to 4 are the test part.
  public static let spokenDigits = Dataset(
    name: "spoken-digits-8k",
    summary: "600 single spoken digits of four men, 8 kHz",
    licence: "CC BY-SA 4.0 (Free Spoken Digit Dataset, Zohar Jackson and others)",
    source: "github.com/Jakobovski/free-spoken-digit-dataset at 26eb9aaf, recordings/",
    manifest: File(sums, sha256: "7917914fd52e4d4510501f253d7e610b6a0f8a45a448f4db97fbfdccd761c62d")
  )

  /// Two whole songs, each as lead guitar and the band without it: Ogg Vorbis, 44.1 kHz, stereo, aligned.
  public static let musicStems = Dataset(
    name: "music-stems",
    summary: "two songs by Carlos Viola Iborra, lead guitar and backing apart, 44.1 kHz stereo",
    licence: "Expat (MIT)",
    source: "Debian package fretsonfire-songs-sectoid 1.dfsg-3.1",
    manifest: File(sums, sha256: "e45297afaa0d826c638e3fedb84db0bfc95d267adceb1f6ecd1327869572081b")
  )

  /// 126 one-shots and loops by name of instrument: FLAC, 44.1 kHz, mono or stereo.
  public static let instrumentSamples = Dataset(
    name: "instrument-samples",
    summary: "126 one-shots and loops of drums, basses, tablas, electronic and found sounds, 44.1 kHz",
    licence: "CC0 1.0",
    source: "Debian package sonic-pi-samples 3.2.2~repack-8; github.com/sonic-pi-net/sonic-pi, etc/samples",
    manifest: File(sums, sha256: "84204bbec91bc970831fde1a2239d6be2da5fe5866360a0541277511740f545f")
  )

  /// 72 things, each with a picture, the sound that it makes and a caption: PNG, Ogg Vorbis (5 to 44.1 kHz, 0.2 to 10 s) and text.
  ///
  /// Folders are groups of things; `index.csv` names stem, caption, group, rate, channels and seconds.
  public static let soundStamps = Dataset(
    name: "sound-stamps",
    summary: "pictures, sounds and captions of 72 animals, instruments, tools and other things",
    licence: "GPL-2",
    source: "Debian package tuxpaint-stamps-default 2022.06.04-1",
    manifest: File(sums, sha256: "9d43c32045b60691a610c4237ef48b29e4500836c43abc51cc44b69c4246377b")
  )
}

"""Makes the fixtures of this folder. Needs torch for `stft`, and librosa, mir_eval, museval, scipy for `metrics`.

Usage: make.py stft | mel | metrics
"""

import sys

import numpy as np
from safetensors.numpy import save_file


def write(name, **arrays):
    save_file({key: np.ascontiguousarray(value, dtype=np.float64) for key, value in arrays.items()},
              f"{name}.safetensors")


def stft():
    import torch

    rng = np.random.default_rng(1)
    cases = {
        "reflect": dict(n_fft=64, hop_length=16, center=True, pad_mode="reflect"),
        "zeros": dict(n_fft=60, hop_length=25, center=True, pad_mode="constant"),
        "plain": dict(n_fft=48, hop_length=12, center=False),
        "odd": dict(n_fft=45, hop_length=11, center=True, pad_mode="reflect"),
        "short": dict(n_fft=64, hop_length=10, win_length=40, center=True, pad_mode="reflect"),
    }
    for name, options in cases.items():
        x = torch.from_numpy(rng.standard_normal(301))
        window = torch.hamming_window(options.get("win_length", options["n_fft"]), dtype=torch.float64)
        X = torch.stft(x, window=window, return_complex=True, **options)
        options.pop("pad_mode", None)
        noise = torch.from_numpy(rng.standard_normal(X.shape) + 1j * rng.standard_normal(X.shape))
        y = torch.istft(X + noise, window=window, **options)
        write(f"stft_{name}", x=x.numpy(), re=X.real.T.numpy(), im=X.imag.T.numpy(), noise_re=noise.real.T.numpy(),
              noise_im=noise.imag.T.numpy(), y=y.numpy(),
              options=[options["n_fft"], options["hop_length"], options.get("win_length", options["n_fft"])])


def mel():
    import librosa

    for name, options in {"slaney": {}, "htk": dict(htk=True, norm=None, fmin=50, fmax=7000)}.items():
        weights = librosa.filters.mel(sr=16000, n_fft=400, n_mels=23, dtype=np.float64, **options)
        write(f"mel_{name}", weights=weights)
    from scipy.signal import get_window
    kinds = ["hann", "hamming", "blackman", "blackmanharris", "bartlett", ("kaiser", 8.0)]
    write("windows", periodic=np.stack([get_window(kind, 11, fftbins=True) for kind in kinds]),
          symmetric=np.stack([get_window(kind, 12, fftbins=False) for kind in kinds]))


def metrics():
    import importlib.util

    import mir_eval.separation as v3

    # The module alone: the package asks for ffmpeg, which no metric needs.
    path = importlib.util.find_spec("museval").submodule_search_locations[0] + "/metrics.py"
    spec = importlib.util.spec_from_file_location("museval_metrics", path)
    v4 = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(v4)

    rng = np.random.default_rng(2)
    n = 6000
    smooth = np.exp(-np.arange(40) / 6)
    references = np.stack([np.convolve(rng.standard_normal(n), smooth)[:n], rng.laplace(size=n)])
    echo = np.stack([np.convolve(r, rng.standard_normal(30) * np.exp(-np.arange(30) / 5))[:n] for r in references])
    estimates = echo + 0.2 * echo[::-1] + 0.1 * rng.standard_normal((2, n))
    sdr, sir, sar, order = v3.bss_eval_sources(references, estimates[::-1], compute_permutation=True)
    write("bss_v3", references=references, estimates=estimates[::-1], sdr=sdr, sir=sir, sar=sar, order=order)
    stereo = rng.standard_normal((2, 9000, 2))
    stereo[..., 1] = 0.5 * stereo[..., 0] + 0.3 * stereo[..., 1]
    guess = stereo + 0.3 * stereo[::-1] + 0.1 * rng.standard_normal(stereo.shape)
    sdr, isr, sir, sar, _ = v4.bss_eval(stereo, guess, window=3000, hop=3000, compute_permutation=False,
                                        framewise_filters=False, bsseval_sources_version=False)
    write("bss_v4", references=stereo.transpose(0, 2, 1), estimates=guess.transpose(0, 2, 1), sdr=sdr, isr=isr, sir=sir,
          sar=sar)


def loudness():
    import pyloudnorm

    rate = 16000
    t = np.arange(6 * rate) / rate
    # The near silence is gated out.
    level = np.where(t < 1.5, 1e-4, np.where(t < 4, 0.1, 0.25))
    x = np.stack([level * np.sin(2 * np.pi * 997 * t), 0.5 * level * np.sin(2 * np.pi * 90 * t)], axis=1)
    lufs = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(x)
    write("loudness", rate=[rate], lufs=[lufs])


for name in sys.argv[1:]:
    globals()[name]()

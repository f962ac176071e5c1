"""The same workloads in PyTorch, scikit-learn and SciPy on the processor: peers.py <threads> <seconds a workload> [name part]."""
import json
import math
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
budget = float(sys.argv[2])
# With one thread the processor's time, which other programs on the machine do not lengthen.
clock = time.process_time if sys.argv[1] == "1" else time.perf_counter
part = sys.argv[3] if len(sys.argv) > 3 else ""


def median(body):
    body(), body()
    start = clock()
    body()
    bunch = max(1, int(2e-4 / max(clock() - start, 1e-7)))
    times, end = [], clock() + budget
    while clock() < end or len(times) < 5:
        start = clock()
        for _ in range(bunch):
            body()
        times.append((clock() - start) / bunch)
    return sorted(times)[len(times) // 2]


def training(module, shape, call=None):
    x = torch.randn(shape, requires_grad=True)

    def body():
        module.zero_grad(set_to_none=True)
        x.grad = None
        (call or module)(x).sum().backward()

    return body


def gemm(m, n, k):
    a, b = torch.randn(m, k), torch.randn(k, n)
    return lambda: a @ b


def function(shapes, call):
    inputs = [torch.randn(s, requires_grad=True) for s in shapes]

    def body():
        for x in inputs:
            x.grad = None
        call(*inputs).sum().backward()

    return body


def adam():
    weight = nn.Parameter(torch.randn(4 << 20))
    weight.grad = torch.randn(4 << 20)
    rule = torch.optim.Adam([weight])
    return rule.step


def mlp():
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    rule = torch.optim.Adam(model.parameters())
    x, labels = torch.randn(32, 64), torch.arange(32) % 10

    def body():
        rule.zero_grad()
        F.cross_entropy(model(x), labels).backward()
        rule.step()

    return body


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(128, 512, 1), nn.PReLU(), nn.GroupNorm(1, 512, eps=1e-8),
            nn.Conv1d(512, 512, 3, padding=8, dilation=8, groups=512), nn.PReLU(), nn.GroupNorm(1, 512, eps=1e-8),
        )
        self.residual, self.skip = nn.Conv1d(512, 128, 1), nn.Conv1d(512, 128, 1)

    def forward(self, x):
        hidden = self.body(x)
        return x + self.residual(hidden), self.skip(hidden)


def block_forward():
    block, x = Block(), torch.randn(1, 128, 3199)

    def body():
        with torch.inference_mode():
            block(x)

    return body


def block_training():
    block, x = Block(), torch.randn(2, 128, 3199)
    rule = torch.optim.Adam(block.parameters())

    def body():
        rule.zero_grad()
        residual, skip = block(x)
        (residual.square().mean() + skip.square().mean()).backward()
        rule.step()

    return body


class TasNetBlock(nn.Module):
    def __init__(self, narrow, wide, skip, dilation, last):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(narrow, wide, 1), nn.PReLU(), nn.GroupNorm(1, wide, eps=1e-8),
            nn.Conv1d(wide, wide, 3, padding=dilation, dilation=dilation, groups=wide), nn.PReLU(),
            nn.GroupNorm(1, wide, eps=1e-8),
        )
        self.residual = None if last else nn.Conv1d(wide, narrow, 1)
        self.skip = nn.Conv1d(wide, skip, 1)

    def forward(self, x):
        hidden = self.body(x)
        return x if self.residual is None else x + self.residual(hidden), self.skip(hidden)


class ConvTasNet(nn.Module):
    def __init__(self, filters=512, length=16, narrow=128, wide=512, skip=128, blocks=8, repeats=3):
        super().__init__()
        self.filters, hop = filters, length // 2
        self.encoder = nn.Conv1d(1, filters, length, hop, padding=hop, bias=False)
        self.head = nn.Sequential(nn.GroupNorm(1, filters, eps=1e-8), nn.Conv1d(filters, narrow, 1))
        self.blocks = nn.ModuleList(
            TasNetBlock(narrow, wide, skip, 2 ** (i % blocks), i == blocks * repeats - 1) for i in range(blocks * repeats))
        self.tail = nn.Sequential(nn.PReLU(), nn.Conv1d(skip, 2 * filters, 1), nn.ReLU())
        self.decoder = nn.ConvTranspose1d(filters, 1, length, hop, padding=hop, bias=False)

    def forward(self, mixture):
        encoded = self.encoder(mixture)
        x, total = self.head(encoded), 0
        for block in self.blocks:
            x, skip = block(x)
            total = total + skip
        masks = self.tail(total).view(-1, 2, self.filters, encoded.shape[-1])
        return self.decoder((masks * encoded[:, None]).flatten(0, 1))


class ScaleNorm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.g, self.factor = nn.Parameter(torch.ones(1)), size ** -0.5

    def forward(self, x):
        return x / (x.norm(dim=-1, keepdim=True) * self.factor).clamp(min=1e-5) * self.g


class FFConv(nn.Module):
    def __init__(self, norm, inputs, outputs):
        super().__init__()
        self.head = nn.Sequential(norm, nn.Linear(inputs, outputs), nn.SiLU())
        self.conv = nn.Conv1d(outputs, outputs, 17, padding=8, groups=outputs, bias=False)

    def forward(self, x):
        x = self.head(x)
        return x + self.conv(x.transpose(1, 2)).transpose(1, 2)


class JointAttention(nn.Module):
    def __init__(self, width, query, group):
        super().__init__()
        self.group = group
        self.hidden = FFConv(ScaleNorm(width), width, 4 * width)
        self.query, self.out = FFConv(ScaleNorm(width), width, query), FFConv(ScaleNorm(2 * width), 2 * width, width)
        self.gamma, self.beta = nn.Parameter(torch.randn(4, query) * 0.02), nn.Parameter(torch.zeros(4, query))

    def rotate(self, x):
        part, rest = x[..., :32], x[..., 32:]
        angle = torch.arange(x.shape[-2])[:, None] * 10000 ** (-torch.arange(0, 32, 2) / 32)
        sine, cosine = (f(angle).repeat_interleave(2, -1) for f in (torch.sin, torch.cos))
        turned = torch.stack((-part[..., 1::2], part[..., ::2]), -1).flatten(-2)
        return torch.cat((part * cosine + turned * sine, rest), -1)

    def forward(self, x):
        frames = x.shape[1]
        late, rest = x.chunk(2, -1)
        shifted = torch.cat((F.pad(late, (0, 0, 1, -1)), rest), -1)
        values = self.hidden(shifted)
        query = self.query(shifted)
        q, lq, k, lk = (self.rotate(query * g + b) for g, b in zip(self.gamma, self.beta))
        missing = -frames % self.group
        cut = lambda y: F.pad(y, (0, 0, 0, missing)).unflatten(1, (-1, self.group))
        weights = (cut(q) @ cut(k).transpose(-1, -2) / self.group).relu().square()
        local = (weights @ cut(values)).flatten(1, 2)[:, :frames]
        joint = local + lq @ (lk.transpose(-1, -2) @ values / frames)
        (v, u), (jv, ju) = values.chunk(2, -1), joint.chunk(2, -1)
        return x + self.out(ju * v * (jv * u).sigmoid())


class RecurrentBlock(nn.Module):
    def __init__(self, width, inner, order):
        super().__init__()
        memory = lambda inputs, dilation: nn.Sequential(
            nn.Conv1d(inputs, inner, 2 * order - 1, padding=(order - 1) * dilation, dilation=dilation, groups=inner, bias=False),
            nn.InstanceNorm1d(inner, affine=True), nn.PReLU(inner))
        self.down = nn.Sequential(nn.Linear(width, inner), nn.PReLU(), nn.LayerNorm(inner))
        self.value, self.gate = (FFConv(nn.LayerNorm(inner), inner, inner) for _ in range(2))
        self.project = nn.Sequential(nn.Linear(inner, inner), nn.ReLU(), nn.Linear(inner, inner, bias=False))
        self.first, self.second = memory(inner, 1), memory(2 * inner, 2)
        self.up = nn.Sequential(nn.LayerNorm(inner), nn.Linear(inner, width))

    def forward(self, x):
        p = self.down(x)
        u = self.value(p)
        h = self.project(u).transpose(1, 2)
        memory = self.second(torch.cat((self.first(h), h), 1)).transpose(1, 2)
        return x + self.up(self.gate(p) * (u + memory) + p)


class MossFormer2(nn.Module):
    def __init__(self, filters=512, length=16, width=512, blocks=24, group=256, query=128, inner=256, order=20):
        super().__init__()
        self.filters, self.width = filters, width
        self.encoder = nn.Conv1d(1, filters, length, length // 2, bias=False)
        self.head = nn.Sequential(nn.GroupNorm(1, filters, eps=1e-8), nn.Conv1d(filters, width, 1, bias=False))
        self.scale = nn.Parameter(torch.ones(1))
        self.blocks = nn.Sequential(*(
            b for _ in range(blocks) for b in (JointAttention(width, query, group), RecurrentBlock(width, inner, order))))
        self.norm, self.total = nn.LayerNorm(width, eps=1e-6), nn.GroupNorm(1, width, eps=1e-8)
        self.split = nn.Sequential(nn.PReLU(), nn.Conv1d(width, 2 * width, 1))
        self.content, self.gate = nn.Conv1d(width, width, 1), nn.Conv1d(width, width, 1)
        self.mask = nn.Conv1d(width, filters, 1, bias=False)
        self.decoder = nn.ConvTranspose1d(filters, 1, length, length // 2, bias=False)

    def forward(self, mixture):
        encoded = self.encoder(mixture).relu()
        angle = torch.arange(encoded.shape[-1])[:, None] * 10000 ** (-torch.arange(0, self.width, 2) / self.width)
        start = self.head(encoded).transpose(1, 2) + torch.cat((angle.sin(), angle.cos()), -1) * self.scale
        stacked = self.total(self.norm(self.blocks(start)).transpose(1, 2)) + start.transpose(1, 2)
        split = self.split(stacked).unflatten(1, (2, self.width)).flatten(0, 1)
        masks = self.mask(self.content(split).tanh() * self.gate(split).sigmoid()).relu().unflatten(0, (-1, 2))
        return self.decoder((masks * encoded[:, None]).flatten(0, 1))


def sinc_kernels(old, new):
    cut, width = 0.945 * min(old, new), math.ceil(24 * old / (0.945 * min(old, new)))
    place = torch.arange(-width, width + old, dtype=torch.float32)
    rows = []
    for phase in range(new):
        t = ((place / old - phase / new) * cut).clamp(-24, 24) * math.pi
        row = torch.where(t == 0, 1.0, t.sin() / t) * (t / 48).cos() ** 2
        rows.append(row / row.sum())
    return torch.stack(rows)[:, None], width


def resample(x, kernels, width, old, new):
    flat = F.pad(x.reshape(-1, 1, x.shape[-1]), (width, width + old), mode="replicate")
    woven = F.conv1d(flat, kernels, stride=old).transpose(1, 2).reshape(*x.shape[:-1], -1)
    return woven[..., :x.shape[-1] * new // old]


class Demucs(nn.Module):
    def __init__(self, audio=2, channels=64, depth=6, resamples=True):
        super().__init__()
        widths = [audio] + [channels * 2 ** i for i in range(depth)]
        self.up, self.down = (sinc_kernels(1, 2), sinc_kernels(2, 1)) if resamples else (None, None)
        self.encoder = nn.ModuleList(nn.Sequential(
            nn.Conv1d(a, b, 8, 4), nn.ReLU(), nn.Conv1d(b, 2 * b, 1), nn.GLU(1)) for a, b in zip(widths, widths[1:]))
        self.lstm = nn.LSTM(widths[-1], widths[-1], 2, bidirectional=True)
        self.linear = nn.Linear(2 * widths[-1], widths[-1])
        self.decoder = nn.ModuleList(nn.Sequential(
            nn.Conv1d(b, 2 * b, 3), nn.GLU(1), nn.ConvTranspose1d(b, a if layer else 4 * audio, 8, 4),
            nn.ReLU() if layer else nn.Identity())
            for layer, (a, b) in reversed(list(enumerate(zip(widths, widths[1:])))))

    def forward(self, x):
        x, kept = resample(x, *self.up, 1, 2) if self.up else x, []
        for layer in self.encoder:
            x = layer(x)
            kept.append(x)
        x = self.linear(self.lstm(x.permute(2, 0, 1))[0]).permute(1, 2, 0)
        for layer in self.decoder:
            skip = kept.pop()
            start = (skip.shape[-1] - x.shape[-1]) // 2
            x = layer(x + skip[..., start:start + x.shape[-1]])
        return resample(x, *self.down, 2, 1) if self.down else x


def separator(make, shape, trains):
    net, x = make(), torch.randn(shape)
    rule = torch.optim.Adam(net.parameters())

    def forward():
        with torch.inference_mode():
            net(x)

    def train():
        rule.zero_grad()
        net(x).square().mean().backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        rule.step()

    return train if trains else forward


def pairing_loss(estimates, sources):
    """Negative SI-SNR of the better of two pairings."""
    a, b = (y - y.mean(-1, keepdim=True) for y in (estimates[:, None], sources[:, :, None]))
    target = (a * b).sum(-1, keepdim=True) * b / (b.square().sum(-1, keepdim=True) + 1e-8)
    ratio = target.square().sum(-1) / ((a - target).square().sum(-1) + 1e-8)
    table = 10 * (ratio + 1e-8).log10()
    straight, crossed = table[:, 0, 0] + table[:, 1, 1], table[:, 0, 1] + table[:, 1, 0]
    return -torch.maximum(straight, crossed).mean() / 2


def small_separator(make, samples, loss):
    """A training step on four sounds."""
    net, x = make(), torch.randn(4, 1, samples)
    rule = torch.optim.Adam(net.parameters())
    with torch.no_grad():
        target = torch.randn_like(net(x).reshape(4, -1, net(x).shape[-1]))

    def body():
        rule.zero_grad()
        loss(net(x).view_as(target), target).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        rule.step()

    return body


class ShiftedBlock(nn.Module):
    """Batch norm, shift by a condition, leaky ReLU, convolution; twice, beside a shortcut."""

    def __init__(self, inputs, outputs, condition):
        super().__init__()
        self.norms = nn.ModuleList(nn.BatchNorm2d(c) for c in (inputs, outputs))
        self.shifts = nn.ModuleList(nn.Linear(condition, c) for c in (inputs, outputs))
        self.convolutions = nn.ModuleList(nn.Conv2d(c, outputs, 3, padding=1, bias=False) for c in (inputs, outputs))
        self.shortcut = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, q):
        y = x
        for norm, shift, convolution in zip(self.norms, self.shifts, self.convolutions):
            y = convolution(F.leaky_relu_(norm(y) + shift(q)[:, :, None, None], 0.01))
        return y + self.shortcut(x)


class ResUNet(nn.Module):
    """The conditional U-Net of universal separation, from waveform to waveform."""

    def __init__(self, frame, hop, width, levels, centre, condition):
        super().__init__()
        self.frame, self.hop, self.patches = frame, hop, [patch for _, patch in levels]
        self.register_buffer("window", torch.hann_window(frame))
        self.bands, self.first = nn.BatchNorm2d(frame // 2 + 1), nn.Conv2d(1, width, 1)
        widths = [width] + [channels for channels, _ in levels]
        self.inward = nn.ModuleList(ShiftedBlock(i, o, condition) for i, o in zip(widths, widths[1:]))
        self.centre = ShiftedBlock(widths[-1], centre, condition)
        pairs = list(zip(widths[2:] + [centre], widths[1:], self.patches))[::-1]
        self.norms = nn.ModuleList(nn.BatchNorm2d(i) for i, _, _ in pairs)
        self.shifts = nn.ModuleList(nn.Linear(condition, i) for i, _, _ in pairs)
        self.up = nn.ModuleList(nn.ConvTranspose2d(i, o, patch, patch, bias=False) for i, o, patch in pairs)
        self.outward = nn.ModuleList(ShiftedBlock(2 * o, o, condition) for _, o, _ in pairs)
        self.last = nn.Conv2d(widths[1], 3, 1)

    def features(self, magnitude, q):
        frames, skips = magnitude.shape[2], []
        x = self.bands(magnitude.transpose(1, 3)).transpose(1, 3)
        x = self.first(F.pad(x, (0, 0, 0, -frames % math.prod(patch[0] for patch in self.patches)))[..., :-1])
        for block, patch in zip(self.inward, self.patches):
            skips.append(block(x, q))
            x = F.avg_pool2d(skips[-1], patch)
        x = self.centre(x, q)
        for norm, shift, up, block in zip(self.norms, self.shifts, self.up, self.outward):
            x = up(F.leaky_relu_(norm(x) + shift(q)[:, :, None, None], 0.01))
            x = block(torch.cat((x, skips.pop()), 1), q)
        return self.last(x)[:, :, :frames]

    def forward(self, sound, q):
        spectra = torch.stft(sound, self.frame, self.hop, window=self.window, return_complex=True).mT
        magnitude = spectra.abs().clamp(min=1e-5)
        cosine, sine = spectra.real / magnitude, spectra.imag / magnitude
        m, a, b = self.features(magnitude[:, None], q).unbind(1)
        a, b = a.tanh(), b.tanh()
        cut = lambda y: y[..., :-1]
        gain = cut(magnitude) * m.sigmoid() * (a * a + b * b + 1e-10).rsqrt()
        found = torch.complex(gain * (cut(cosine) * a - cut(sine) * b), gain * (cut(sine) * a + cut(cosine) * b))
        return torch.istft(F.pad(found, (0, 1)).mT, self.frame, self.hop, window=self.window, length=sound.shape[1])


def published_resunet():
    levels = [(32, (2, 2)), (64, (2, 2)), (128, (2, 2)), (256, (2, 2)), (384, (2, 2)), (384, (1, 2))]
    net, x, q = ResUNet(2048, 320, 32, levels, 384, 527).eval(), torch.randn(1, 64000), torch.rand(1, 527)

    def body():
        with torch.inference_mode():
            net(x, q)

    return body


def small_resunet():
    net = ResUNet(256, 128, 8, [(c, (2, 2)) for c in (8, 16, 32, 32)], 32, 12)
    assert sum(p.numel() for p in net.parameters()) == 144_677
    rule = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0, amsgrad=True)
    x, target, q = torch.randn(12, 8000), torch.randn(12, 8000), torch.rand(12, 12)

    def body():
        rule.zero_grad()
        F.l1_loss(net(x, q), target).backward()
        rule.step()

    return body


def lstm():
    net = nn.LSTM(256, 256, bidirectional=True)
    return training(net, (100, 8, 256), lambda x: net(x)[0])


class Chunked(torch.autograd.Function):
    """Lightning attention as a loop over chunks, batched over heads, with the way back written by hand."""

    @staticmethod
    def powers(length, heads=8):
        slope = torch.tensor([2.0 ** -(i + 1) for i in range(heads)])
        r = torch.arange(length)
        rising = torch.exp(-slope[:, None] * (r + 1))[None, :, :, None]
        falling = torch.exp(-slope[:, None] * (length - 1 - r))[None, :, :, None]
        distance = (r[:, None] - r).clamp(min=0)
        mask = torch.where(r[:, None] >= r, torch.exp(-slope[:, None, None] * distance), 0.0)[None]
        return rising, falling, mask, torch.exp(-slope * length)[None, :, None, None]

    @staticmethod
    def forward(ctx, q, k, v, length):
        ctx.save_for_backward(q, k, v)
        ctx.length = length
        rising, falling, mask, whole = Chunked.powers(length)
        out, state = torch.empty_like(v), torch.zeros(1, 8, 64, 64)
        for a, b, c, o in zip(*(x.split(length, 2) for x in (q, k, v, out))):
            o.copy_(((a @ b.mT) * mask) @ c + (a * rising) @ state)
            state = whole * state + (b * falling).mT @ c
        return out

    @staticmethod
    def backward(ctx, g):
        q, k, v = ctx.saved_tensors
        rising, falling, mask, whole = Chunked.powers(ctx.length)
        dq, dk, dv = torch.empty_like(q), torch.empty_like(k), torch.empty_like(v)
        parts = list(zip(*(x.split(ctx.length, 2) for x in (q, k, v, g, dq, dk, dv))))
        state = torch.zeros(1, 8, 64, 64)
        for _, b, c, u, da, _, _ in parts:
            da.copy_(((u @ c.mT) * mask) @ b + (u * rising) @ state.mT)
            state = whole * state + (b * falling).mT @ c
        state = torch.zeros(1, 8, 64, 64)
        for a, b, c, u, _, db, dc in reversed(parts):
            db.copy_(((u @ c.mT) * mask).mT @ a + (c * falling) @ state.mT)
            dc.copy_(((a @ b.mT) * mask).mT @ u + (b * falling) @ state)
            state = whole * state + (a * rising).mT @ u
        return dq, dk, dv, None


def attention(length, peer, trains):
    call = {
        "chunk64": lambda q, k, v: Chunked.apply(q, k, v, 64),
        "chunk128": lambda q, k, v: Chunked.apply(q, k, v, 128),
        "softmax": lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True),
    }[peer]
    if trains:
        return function([(1, 8, length, 64)] * 3, call)
    inputs = [torch.randn(1, 8, length, 64) for _ in range(3)]

    def body():
        with torch.inference_mode():
            call(*inputs)

    return body


class Mixing(nn.Module):
    """Attention of a diffusion transformer: softmax, or linear with ReLU and a 3x3 convolution that heads share."""

    def __init__(self, width, heads, linear):
        super().__init__()
        self.heads, self.qkv, self.proj = heads, nn.Linear(width, 3 * width), nn.Linear(width, width)
        size = width // heads
        self.dwc = nn.Conv2d(size, size, 3, padding=1, groups=size) if linear else None

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        if self.dwc is None:
            return self.proj(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, d))
        q, k = F.relu(q) + 1e-6, (F.relu(k) + 1e-6) / n
        read = (q @ (k.mT @ v)) / (q @ k.sum(2, keepdim=True).mT + 1e-6)
        side = math.isqrt(n)
        picture = v.mT.reshape(b * self.heads, d // self.heads, side, side)
        return self.proj((read + self.dwc(picture).reshape(v.mT.shape).mT).transpose(1, 2).reshape(b, n, d))


class ModulatedBlock(nn.Module):
    def __init__(self, width, heads, linear):
        super().__init__()
        self.attn, self.ada = Mixing(width, heads, linear), nn.Linear(width, 6 * width)
        self.norm = nn.LayerNorm(width, eps=1e-6, elementwise_affine=False)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU("tanh"), nn.Linear(4 * width, width))

    def forward(self, x, c):
        s1, a1, g1, s2, a2, g2 = self.ada(F.silu(c))[:, None].chunk(6, -1)
        x = x + g1 * self.attn(self.norm(x) * (1 + a1) + s1)
        return x + g2 * self.mlp(self.norm(x) * (1 + a2) + s2)


class DiffusionTransformer(nn.Module):
    """DiT or LiT for pictures of 8x8, patches of 2x2: 4 blocks of 64 features, 10 classes."""

    def __init__(self, heads, linear):
        super().__init__()
        self.patches, self.labels = nn.Conv2d(1, 64, 2, 2), nn.Embedding(11, 64)
        self.time = nn.Sequential(nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 64))
        self.blocks = nn.ModuleList([ModulatedBlock(64, heads, linear) for _ in range(4)])
        self.ada, self.final = nn.Linear(64, 128), nn.Linear(64, 8)
        self.register_buffer("places", torch.randn(1, 16, 64))

    def forward(self, x, t, y):
        rates = torch.exp(-math.log(10000) * torch.arange(32) / 32)
        angles = t[:, None] * rates
        c = self.time(torch.cat([angles.cos(), angles.sin()], 1)) + self.labels(y)
        x = self.patches(x).flatten(2).mT + self.places
        for block in self.blocks:
            x = block(x, c)
        s, a = self.ada(F.silu(c))[:, None].chunk(2, -1)
        x = self.final(F.layer_norm(x, (64,), eps=1e-6) * (1 + a) + s)
        return x.reshape(-1, 4, 4, 2, 2, 2).permute(0, 5, 1, 3, 2, 4).reshape(-1, 2, 8, 8)


def diffusion(heads, linear, trains):
    net, batch = DiffusionTransformer(heads, linear), 64 if trains else 150
    rule = torch.optim.AdamW(net.parameters(), weight_decay=0)
    x, e = torch.randn(batch, 1, 8, 8), torch.randn(batch, 1, 8, 8)
    t, y = torch.randint(0, 1000, (batch,)).float(), torch.randint(0, 10, (batch,))

    def forward():
        with torch.inference_mode():
            net(x, t, y)

    def train():
        rule.zero_grad()
        out = net(x, t, y)
        ((out[:, :1] - e).square().mean() + out[:, 1:].square().mean()).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1)
        rule.step()

    return train if trains else forward


class CrossAttention(nn.Module):
    def __init__(self, width, context):
        super().__init__()
        self.q, self.out = nn.Linear(width, width, bias=False), nn.Linear(width, width)
        self.k, self.v = nn.Linear(context, width, bias=False), nn.Linear(context, width, bias=False)

    def forward(self, x, source):
        q, k, v = (y.unflatten(2, (-1, 32)).transpose(1, 2) for y in (self.q(x), self.k(source), self.v(source)))
        return self.out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))


class SpatialTransformer(nn.Module):
    def __init__(self, width, context):
        super().__init__()
        self.norm, self.text = nn.GroupNorm(32, width, eps=1e-6), context is not None
        self.inward, self.outward = nn.Conv2d(width, width, 1), nn.Conv2d(width, width, 1)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(3))
        self.own, self.other = CrossAttention(width, width), CrossAttention(width, context or width)
        self.wide, self.narrow = nn.Linear(width, 8 * width), nn.Linear(4 * width, width)

    def forward(self, x, context):
        y = self.inward(self.norm(x)).flatten(2).mT
        z = self.norms[0](y)
        y = y + self.own(z, z)
        z = self.norms[1](y)
        y = y + self.other(z, context if self.text else z)
        value, gate = self.wide(self.norms[2](y)).chunk(2, -1)
        return x + self.outward((y + self.narrow(value * F.gelu(gate))).mT.reshape(x.shape))


class TimedBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = nn.Sequential(nn.GroupNorm(32, inputs), nn.SiLU(), nn.Conv2d(inputs, outputs, 3, padding=1))
        self.second = nn.Sequential(nn.GroupNorm(32, outputs), nn.SiLU(), nn.Conv2d(outputs, outputs, 3, padding=1))
        self.time = nn.Linear(512, outputs)
        self.skip = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, time):
        return self.skip(x) + self.second(self.first(x) + self.time(F.silu(time))[:, :, None, None])


class VelocityUNet(nn.Module):
    """FlowSep's network: four levels, two blocks each, two transformers where places attend to each other."""

    def __init__(self):
        super().__init__()
        stage = lambda i, o, attends: nn.ModuleList(
            [TimedBlock(i, o)] + ([SpatialTransformer(o, None), SpatialTransformer(o, 1024)] if attends else []))
        self.time = nn.Sequential(nn.Linear(128, 512), nn.SiLU(), nn.Linear(512, 512))
        self.inward, self.outward = nn.ModuleList([nn.Conv2d(16, 128, 3, padding=1)]), nn.ModuleList()
        skips, width = [128], 128
        for level, times in enumerate([1, 2, 3, 5]):
            for _ in range(2):
                self.inward.append(stage(width, 128 * times, level > 0))
                width = 128 * times
                skips.append(width)
            if level < 3:
                self.inward.append(nn.Conv2d(width, width, 3, 2, padding=1))
                skips.append(width)
        self.middle = stage(width, width, True)
        self.middle.append(TimedBlock(width, width))
        for level, times in reversed(list(enumerate([1, 2, 3, 5]))):
            for block in range(3):
                part = stage(width + skips.pop(), 128 * times, level > 0)
                width = 128 * times
                if level and block == 2:
                    part.append(nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(width, width, 3, padding=1)))
                self.outward.append(part)
        self.last = nn.Sequential(nn.GroupNorm(32, 128), nn.SiLU(), nn.Conv2d(128, 16, 3, padding=1))

    @staticmethod
    def run(parts, x, time, context):
        for part in parts if isinstance(parts, nn.ModuleList) else [parts]:
            x = part(x, time) if isinstance(part, TimedBlock) else (
                part(x, context) if isinstance(part, SpatialTransformer) else part(x))
        return x

    def forward(self, x, features, context):
        time, skips = self.time(features), []
        for part in self.inward:
            x = self.run(part, x, time, context)
            skips.append(x)
        x = self.run(self.middle, x, time, context)
        for part in self.outward:
            x = self.run(part, torch.cat([x, skips.pop()], 1), time, context)
        return self.last(x)


def velocity():
    net = VelocityUNet()
    assert sum(p.numel() for p in net.parameters()) == 265_549_456
    x, time, context = torch.randn(1, 16, 256, 16), torch.randn(1, 128), torch.randn(1, 50, 1024)

    def body():
        with torch.inference_mode():
            net(x, time, context)

    return body


class FilmBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first = nn.Sequential(nn.GroupNorm(8, inputs), nn.SiLU(), nn.Conv2d(inputs, outputs, 3, padding=1))
        self.film, self.norm = nn.Linear(64, 2 * outputs), nn.GroupNorm(8, outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, c):
        scale, shift = self.film(c)[:, :, None, None].chunk(2, 1)
        return self.skip(x) + self.second(F.silu(self.norm(self.first(x)) * (1 + scale) + shift))


class SmallVelocity(nn.Module):
    def __init__(self):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(32, 64), nn.SiLU(), nn.Linear(64, 64))
        self.query, self.inward = nn.Linear(13, 64, bias=False), nn.Conv2d(8, 32, 3, padding=1)
        self.blocks = nn.ModuleList(FilmBlock(i, o) for i, o in [(32, 32), (64, 64), (64, 64), (64, 32)])
        self.down, self.up = nn.Conv2d(32, 64, 3, 2, padding=1), nn.Conv2d(64, 32, 3, padding=1)
        self.last = nn.Sequential(nn.GroupNorm(8, 32), nn.SiLU(), nn.Conv2d(32, 4, 3, padding=1))

    def forward(self, x, mixture, t, query):
        angles = 1000 * t[:, None] * torch.exp(-math.log(10000) * torch.arange(16) / 16)
        c = F.silu(self.time(torch.cat([angles.cos(), angles.sin()], 1)) + self.query(query))
        fine = self.blocks[0](self.inward(torch.cat([x, mixture], 1)), c)
        coarse = self.blocks[2](self.blocks[1](self.down(fine), c), c)
        back = self.up(F.interpolate(coarse, scale_factor=2))
        return self.last(self.blocks[3](torch.cat([back, fine], 1), c))


def small_flow(batch, trains):
    net = SmallVelocity()
    rule = torch.optim.AdamW(net.parameters(), lr=2e-3)
    target, mixture, query = torch.randn(batch, 4, 16, 8), torch.randn(batch, 4, 16, 8), torch.rand(batch, 13)

    def train():
        rule.zero_grad()
        noise, t = torch.randn_like(target), torch.rand(batch)
        s = t[:, None, None, None]
        out = net((1 - 0.9999 * s) * noise + s * target, mixture, t, query)
        F.mse_loss(out, target - 0.9999 * noise).backward()
        rule.step()

    def sample():
        with torch.inference_mode():
            x = torch.randn_like(target)
            x + net(x, mixture, torch.zeros(batch), query)

    return train if trains else sample


class MomentHead(nn.Module):
    """Moment probing: cross-moments of neighbouring heads, two convolutions, and a linear map beside that of the mean."""

    def __init__(self):
        super().__init__()
        self.proj, self.ln = nn.Linear(768, 512), nn.LayerNorm(128)
        self.down = nn.Sequential(nn.Conv2d(3, 3, 3, 2, bias=False), nn.GELU(), nn.Conv2d(3, 3, 3, 2, bias=False))
        self.first, self.second = nn.Linear(768, 1000), nn.Linear(3 * 31 * 31, 1000)

    def forward(self, pooled, tokens):
        x = self.ln(self.proj(tokens).unflatten(2, (4, 128)).transpose(1, 2))
        x = x - x.mean((2, 3), keepdim=True)
        moments = F.normalize(x[:, :3].mT @ x[:, 1:] / x.shape[2], dim=2)
        return (self.first(pooled) + self.second(self.down(moments).flatten(1))) / 2


def probing(moments):
    net = MomentHead() if moments else nn.Linear(768, 1000)
    rule = torch.optim.AdamW(net.parameters(), weight_decay=0)
    pooled, tokens, labels = torch.randn(32, 768), torch.randn(32, 196, 768), torch.arange(32) * 31

    def body():
        rule.zero_grad()
        F.cross_entropy(net(pooled, tokens) if moments else net(pooled), labels).backward()
        rule.step()

    return body


workloads = {f"gemm {m}x{n}x{k}": (lambda m=m, n=n, k=k: gemm(m, n, k)) for m, n, k in
             [(512, 512, 512), (2048, 2048, 2048), (128, 3200, 512), (64, 800, 32), (32, 64, 64)]}
workloads |= {
    "conv1d 64->128 k8 s4 T16000 train": lambda: training(nn.Conv1d(64, 128, 8, 4), (2, 64, 16000)),
    "conv1d 1->512 k16 s8 T32000 train": lambda: training(nn.Conv1d(1, 512, 16, 8, bias=False), (2, 1, 32000)),
    "depthwise 512 k3 d8 T3999 train": lambda: training(
        nn.Conv1d(512, 512, 3, padding=8, dilation=8, groups=512), (2, 512, 3999)),
    "depthwise 256 k17 T2000 train": lambda: training(nn.Conv1d(256, 256, 17, padding=8, groups=256), (2, 256, 2000)),
    "conv2d 32->64 3x3 64x64 train": lambda: training(nn.Conv2d(32, 64, 3, padding=1), (4, 32, 64, 64)),
    "conv2d 8->8 3x3 128x128 train": lambda: training(nn.Conv2d(8, 8, 3, padding=1), (4, 8, 128, 128)),
    "conv3d 8->8 3x3x3 32^3 train": lambda: training(nn.Conv3d(8, 8, 3, padding=1), (1, 8, 32, 32, 32)),
    "gLN+PReLU 512x3999 train": lambda: training(
        nn.Sequential(nn.GroupNorm(1, 512, eps=1e-8), nn.PReLU()), (2, 512, 3999)),
    "layer norm 4096x512 train": lambda: training(nn.LayerNorm(512), (4096, 512)),
    "softmax 4096x512 train": lambda: function([(4096, 512)], lambda x: x.softmax(-1)),
    "gelu 1M train": lambda: function([(1 << 20,)], F.gelu),
    "attention 8 heads 512x64 train": lambda: function([(2, 8, 512, 64)] * 3, F.scaled_dot_product_attention),
    "lstm 256->256 bidirectional T100 B8 train": lstm,
    "adam step 4M": adam,
    "mlp 64 units batch 32 training step": mlp,
    "conv-tasnet block forward": block_forward,
    "conv-tasnet block training step": block_training,
}
for name, make, shape in [("conv-tasnet", ConvTasNet, (1, 1, 32000)), ("mossformer2", MossFormer2, (1, 1, 8000)),
                          ("demucs", Demucs, (1, 2, 49834))]:
    workloads[name + " published forward"] = lambda make=make, shape=shape: separator(make, shape, False)
    workloads[name + " published training step"] = lambda make=make, shape=shape: separator(make, shape, True)
workloads |= {
    "conv-tasnet scaled training step of 4": lambda: small_separator(
        lambda: ConvTasNet(128, 32, 48, 96, 48, 5, 2), 8000, pairing_loss),
    "mossformer2 scaled training step of 4": lambda: small_separator(
        lambda: MossFormer2(128, 32, 64, 2, 128, 32, 64, 10), 8000, pairing_loss),
    "demucs scaled training step of 4": lambda: small_separator(lambda: Demucs(1, 16, 4, False), 16724, F.l1_loss),
    "resunet30 published forward of 2 s": published_resunet,
    "resunet30 scaled training step of 12": small_resunet,
}
workloads |= {
    f"lightning {n} by {peer} {what}": (lambda n=n, peer=peer, what=what: attention(n, peer, what == "train"))
    for n, peer in [(512, "chunk64"), (2048, "chunk64"), (8192, "chunk64"), (8192, "chunk128"), (2048, "softmax"),
                    (8192, "softmax")]
    for what in ("forward", "train")
}


class Sheaf(nn.Module):
    """Sheaf diffusion over lists of directed edges: one small block a node and an edge, added up by index."""

    def __init__(self, nodes, edges, features, stalk, layers, hidden, bundle, low, second, dropout, input_dropout):
        super().__init__()
        order = torch.randperm(nodes * (nodes - 1) // 2)[:edges]
        lower, upper = (part[order] for part in torch.triu_indices(nodes, nodes, 1))
        self.source, self.target = torch.cat((lower, upper)), torch.cat((upper, lower))
        self.reverse = (torch.arange(2 * edges) + edges) % (2 * edges)
        self.nodes, self.hidden, self.low, self.bundle = nodes, hidden, low, bundle
        self.whole = stalk + low
        width = self.whole * hidden
        self.stalk, self.dropout, self.input_dropout = stalk, dropout, input_dropout
        self.lin1, self.lin2 = nn.Linear(features, width), nn.Linear(width, 5)
        self.lin12 = nn.Linear(width, width) if second else None
        self.left = nn.ModuleList(nn.Linear(self.whole, self.whole, bias=False) for _ in range(layers))
        self.right = nn.ModuleList(nn.Linear(hidden, hidden, bias=False) for _ in range(layers))
        # The published script of Texas sums features over the stalk before it learns maps.
        self.sums = stalk if bundle else 1
        inputs = width // self.sums
        count = stalk * (stalk - 1) // 2 if bundle else stalk
        self.learners = nn.ModuleList(nn.Linear(inputs, 2 * count, bias=False) for _ in range(layers))
        self.weighers = nn.ModuleList(nn.Linear(width, 2, bias=False) for _ in range(layers if bundle else 0))
        self.epsilon = nn.ParameterList(nn.Parameter(torch.zeros(self.whole, 1)) for _ in range(layers))

    def gathered(self, scores):
        first, second = scores.chunk(2, -1)
        return first[self.source] + second[self.target]

    def added(self, edges):
        return torch.zeros(self.nodes, *edges.shape[1:]).index_add(0, self.source, edges)

    def diagonal(self, layer, flat):
        maps = self.gathered(self.learners[layer](flat)).tanh()
        if self.low:
            maps = torch.cat((maps, torch.ones(len(maps), 1)), 1)
        own = self.added(maps * maps)
        scale = (own + 1).rsqrt()
        across = -maps * maps[self.reverse] * scale[self.source] * scale[self.target]
        return lambda y: (own * scale * scale)[..., None] * y + self.added(across[..., None] * y[self.target])

    def orthogonal(self, layer, flat):
        summed = flat.view(self.nodes, self.sums, -1).sum(1)
        numbers = self.gathered(self.learners[layer](summed)).tanh()
        weight = self.gathered(self.weighers[layer](flat)).sigmoid()
        weight = (weight * weight[self.reverse])[:, 0]
        vectors = torch.eye(self.stalk).repeat(len(numbers), 1, 1)
        rows, columns = torch.tril_indices(self.stalk, self.stalk, -1)
        vectors[:, rows, columns] = numbers
        maps = torch.eye(self.stalk)
        for column in range(self.stalk):
            v = vectors[:, :, column]
            maps = maps - 2 * (maps @ v[:, :, None]) * (v / (v * v).sum(1, keepdim=True))[:, None]
        own = self.added(weight)
        scale = (own + 1).rsqrt()
        across = -(weight * scale[self.source] * scale[self.target])[:, None, None] * (maps.mT @ maps[self.reverse])
        return lambda y: (own * scale * scale)[:, None, None] * y + self.added(across @ y[self.target])

    def forward(self, x):
        drop = lambda y: F.dropout(y, self.dropout, self.training)
        x = drop(F.elu(self.lin1(F.dropout(x, self.input_dropout, self.training))))
        if self.lin12 is not None:
            x = self.lin12(x)
        x = x.view(self.nodes, self.whole, self.hidden)
        for layer, epsilon in enumerate(self.epsilon):
            flat = (x if layer == 0 else drop(x)).flatten(1)
            laplacian = (self.orthogonal if self.bundle else self.diagonal)(layer, flat)
            y = self.right[layer](self.left[layer](drop(x).mT).mT)
            x = x * (1 + epsilon.tanh()) - F.elu(laplacian(y))
        return self.lin2(x.flatten(1)).log_softmax(1)


def sheaf(nodes, features, rate, decay, *sizes):
    net, x = Sheaf(nodes, *sizes[:1], features, *sizes[1:]), (torch.rand(nodes, features) < 0.05).float()
    rule = torch.optim.Adam(net.parameters(), lr=rate, weight_decay=decay)
    labels, half = torch.arange(nodes) % 5, nodes // 2

    def body():
        net.train()
        rule.zero_grad()
        F.nll_loss(net(x)[:half], labels[:half]).backward()
        rule.step()
        net.eval()
        with torch.inference_mode():
            net(x)

    return body


class SoundUNet(nn.Module):
    """CLIPSep's network: strided convolutions down, bilinear upsampling and convolutions up."""

    def __init__(self, widths, features):
        super().__init__()
        outer, last = [1, *widths[:-1]], len(widths) - 1
        self.norm = nn.BatchNorm2d(1)
        self.downs = nn.ModuleList(nn.Conv2d(i, o, 4, 2, 1, bias=False) for i, o in zip(outer, widths))
        self.down_norms = nn.ModuleList(
            nn.Identity() if i in (0, last) else nn.BatchNorm2d(o) for i, o in enumerate(widths))
        results = [features, *outer[1:]]
        self.ups = nn.ModuleList(
            nn.Conv2d(w if i == last else 2 * w, o, 3, padding=1, bias=i == 0) for i, (w, o) in enumerate(zip(widths, results)))
        self.up_norms = nn.ModuleList(nn.BatchNorm2d(o) if i else nn.Identity() for i, o in enumerate(results))

    def forward(self, x):
        x, skips = self.norm(x), []
        for level, (down, norm) in enumerate(zip(self.downs, self.down_norms)):
            x = norm(down(F.leaky_relu(x, 0.2) if level else x))
            skips.append(x)
        for level in reversed(range(len(skips))):
            if level < len(skips) - 1:
                x = torch.cat((skips[level], x), 1)
            x = F.interpolate(x.relu(), scale_factor=2, mode="bilinear", align_corners=True)
            x = self.up_norms[level](self.ups[level](x))
        return x


def sound_forward():
    net, x = SoundUNet([64, 128, 256, 512, 512, 512, 512], 32).eval(), torch.randn(1, 1, 256, 256)

    def body():
        with torch.inference_mode():
            net(x)

    return body


def sound_training():
    """Noise invariant training of the small CLIPSep on eight spectra of a second."""
    net, query, scale = SoundUNet([8, 16, 32, 32, 32], 16), nn.Linear(32, 16), nn.Parameter(torch.ones(16))
    noise, bias = nn.ModuleList(nn.Linear(16, 16) for _ in range(2)), nn.Parameter(torch.zeros(1))
    parameters = [*net.parameters(), *query.parameters(), *noise.parameters(), scale, bias]
    rule = torch.optim.Adam(parameters, lr=3e-3)
    sources = [torch.rand(8, 1, 64, 64) for _ in range(2)]
    mixture, embeddings = sum(sources), [torch.randn(8, 32) for _ in range(2)]
    truth, weight = [(s > mixture / 2).float() for s in sources], mixture.log1p().clamp(1e-3, 10)

    def body():
        rule.zero_grad()
        maps = net(mixture.log())
        mask = lambda v: ((v.sigmoid() * scale)[:, None] @ maps.flatten(2) + bias).view_as(mixture).sigmoid()
        v = [query(e) for e in embeddings]
        masks, extra = [mask(p) for p in v], [mask(n((v[0] + v[1]) / 2)) for n in noise]
        cost = lambda i, j: F.binary_cross_entropy(
            1 - F.relu(1 - masks[i] - extra[j]), truth[i], weight, reduction="none").mean((1, 2, 3))
        best = torch.minimum(cost(0, 0) + cost(1, 1), cost(0, 1) + cost(1, 0)).mean() / 2
        (best + 0.1 * F.relu((extra[0] + extra[1]).mean() - 0.25)).backward()
        nn.utils.clip_grad_norm_(parameters, 1)
        rule.step()

    return body


def blobs(count=1797, size=64):
    """Points around ten centres, from a generator that the Swift side has too."""
    import numpy as np

    state, values = 1, np.empty((count, size))
    for i in range(count):
        for j in range(size):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            values[i, j] = math.sin((i % 10 + 1) * (j + 1)) + 3 * ((state >> 11) * 2.0**-53 - 0.5)
    return values


def k_means():
    from sklearn.cluster import KMeans

    x = blobs()
    return lambda: KMeans(10, n_init=10, random_state=0).fit(x)


def spectral(neighbours):
    from sklearn.cluster import SpectralClustering

    x = blobs()
    if neighbours:
        return lambda: SpectralClustering(10, affinity="nearest_neighbors", n_neighbors=10, random_state=0).fit(x)

    def body():
        unit = x / (x**2).sum(1, keepdims=True) ** 0.5
        SpectralClustering(10, affinity="precomputed", random_state=0).fit(abs(unit @ unit.T))

    return body


def poisson(side):
    """The seven-point matrix of a cube and a right-hand side."""
    import numpy as np
    import scipy.sparse as sp

    line = sp.diags([-1, 2, -1], [-1, 0, 1], (side, side))
    one = sp.identity(side)
    cube = sp.kron(sp.kron(line, one), one) + sp.kron(sp.kron(one, line), one) + sp.kron(one, sp.kron(one, line))
    return cube.tocsr(), np.sin(np.arange(side**3, dtype=float))


def conjugate_gradients(side, steps):
    """A fixed number of steps."""
    from scipy.sparse.linalg import cg

    matrix, right = poisson(side)
    return lambda: cg(matrix, right, rtol=0, atol=0, maxiter=steps)


def multigrid(side):
    """Algebraic multigrid with conjugate gradients, set-up included."""
    import pyamg

    matrix, right = poisson(side)
    return lambda: pyamg.ruge_stuben_solver(matrix).solve(right, tol=1e-8, accel="cg")


workloads |= {
    "sheaf epoch, Texas's size": lambda: sheaf(183, 1703, 0.02, 5e-3, 279, 3, 4, 20, True, 0, False, 0.7, 0),
    "sheaf epoch, Chameleon's size": lambda: sheaf(2277, 2325, 0.01, 3e-4, 31371, 4, 5, 32, False, 1, True, 0, 0.7),
}


def stft(train):
    x, window = torch.randn(8, 64000, requires_grad=train), torch.hann_window(1024)

    def body():
        spectra = torch.stft(x, 1024, 256, window=window, return_complex=True)
        if train:
            x.grad = None
            torch.istft(spectra, 1024, 256, window=window, length=64000).square().sum().backward()

    return body


def transform(rows):
    import numpy as np
    import scipy.fft

    threads = int(sys.argv[1])
    if rows:
        x = np.random.randn(4096, 1024).astype(np.float32)
        return lambda: scipy.fft.rfft(x, workers=threads)
    x = np.random.randn(1 << 18) + 1j * np.random.randn(1 << 18)
    return lambda: scipy.fft.ifft(scipy.fft.fft(x, workers=threads), workers=threads)


def factorization(count, call):
    import numpy as np
    import scipy.linalg
    import scipy.optimize

    matrix = np.random.randn(count, count)
    return lambda: call(scipy, matrix)


workloads |= {
    "stft 1024 hop 256, 8 of 4 s, forward": lambda: stft(False),
    "stft 1024 hop 256, 8 of 4 s, there and back with gradient": lambda: stft(True),
}
workloads |= {"clipsep published u-net forward": sound_forward, "clipsep-nit scaled training step": sound_training}


def perceptrons():
    x, labels = torch.randn(1024, 64), torch.arange(1024) % 10

    def body():
        for seed in range(8):
            sizes = [64, 64, 64, 64, 10]
            layers = [part for a, b in zip(sizes, sizes[1:]) for part in (nn.Linear(a, b), nn.ReLU())][:-1]
            model = nn.Sequential(*layers)
            rule = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
            for _ in range(3):
                order = torch.randperm(1024)
                for step in range(16):
                    part = order[step * 64:(step + 1) * 64]
                    rule.zero_grad()
                    F.cross_entropy(model(x[part]), labels[part]).backward()
                    rule.step()

    return body


def logistic(samples, features):
    import numpy as np
    from joblib import Parallel, delayed
    from sklearn.linear_model import LogisticRegression

    threads = int(sys.argv[1])
    deviations = np.where(np.arange(features) < features // 2, features**0.5, 1)
    labels = np.random.randint(0, 3, (8, samples))
    x = np.array([-1.0, 1, 2])[labels][..., None] + deviations * np.random.randn(8, samples, features)
    fit = lambda seed: LogisticRegression(max_iter=1000).fit(x[seed], labels[seed])
    if threads == 1:
        return lambda: [fit(seed) for seed in range(8)]
    return lambda: Parallel(n_jobs=threads, backend="threading")(delayed(fit)(seed) for seed in range(8))


def episodes(worlds, count):
    """The learner of Luo et al., all worlds at once in arrays: layers, states, actions, features are 2, 3, 3, 4."""
    import numpy as np

    layers, states, actions, size = 2, 3, 3, 4
    pairs, draw = states * actions, np.random.default_rng(1)
    features = draw.dirichlet(np.ones(size), (worlds, layers, pairs))
    moves = draw.dirichlet(np.ones(states), (worlds, layers, size))
    transitions = np.einsum("wlpd,wldx->wlpx", features, moves)
    losses = draw.random((count, worlds, layers, size))
    uniforms = draw.random((count, worlds, layers, 2))
    rate, bonus, gamma, all_worlds = 0.1, 0.05 * count ** (-1 / 3), count ** (-2 / 3), np.arange(worlds)

    def body():
        total, regret = np.zeros((worlds, layers, states, actions)), np.zeros(worlds)
        for episode in range(count):
            policy = np.exp(-rate * (total - total.min(-1, keepdims=True)))
            policy /= policy.sum(-1, keepdims=True)
            flat = policy.reshape(worlds, layers, pairs)
            visits = np.zeros((worlds, layers, states))
            visits[:, 0, 0] = 1
            for layer in range(layers - 1):
                weight = np.repeat(visits[:, layer], actions, -1) * flat[:, layer]
                visits[:, layer + 1] = np.einsum("wp,wpx->wx", weight, transitions[:, layer])
            loss = np.einsum("wlpd,wld->wlp", features, losses[episode])
            state, played, returns = np.zeros(worlds, int), np.zeros((worlds, layers), int), np.zeros((worlds, layers))
            for layer in range(layers):
                chances = policy[all_worlds, layer, state].cumsum(-1)
                action = (chances < uniforms[episode, :, layer, :1]).sum(-1).clip(max=actions - 1)
                played[:, layer] = state * actions + action
                returns[:, layer] = loss[all_worlds, layer, played[:, layer]]
                chances = transitions[all_worlds, layer, played[:, layer]].cumsum(-1)
                state = (chances < uniforms[episode, :, layer, 1:]).sum(-1).clip(max=states - 1)
            returns = returns[:, ::-1].cumsum(-1)[:, ::-1]
            value = np.zeros((worlds, states))
            for layer in reversed(range(layers)):
                q = flat[:, layer] * (loss[:, layer] + np.einsum("wpx,wx->wp", transitions[:, layer], value))
                value = q.reshape(worlds, states, actions).sum(-1)
            regret += value[:, 0]
            weight = np.repeat(visits, actions, -1) * flat
            covariance = np.einsum("wlp,wlpi,wlpj->wlij", weight, features, features)
            image = features @ np.linalg.inv(covariance + gamma * np.eye(size))
            chosen = np.take_along_axis(features, played[..., None, None], 2)[:, :, 0]
            estimate = np.einsum("wlpi,wli->wlp", image, chosen) * returns[..., None]
            norms = (image * features).sum(-1).reshape(policy.shape)
            bonuses = (bonus * (norms + (policy * norms).sum(-1, keepdims=True))).reshape(flat.shape)
            later = np.zeros((worlds, states))
            for layer in reversed(range(layers)):
                bonuses[:, layer] += (1 + 1 / layers) * np.einsum("wpx,wx->wp", transitions[:, layer], later)
                later = (flat[:, layer] * bonuses[:, layer]).reshape(worlds, states, actions).sum(-1)
            total += (estimate - bonuses).reshape(total.shape)

    return body


workloads |= {
    "sweep of 8 MLP trainings, 48 steps each": perceptrons,
    "sweep of 12 worlds, 1000 MDP episodes each": lambda: episodes(12, 1000),
    "sweep of 8 logistic regressions, 99x20": lambda: logistic(99, 20),
    "sweep of 8 logistic regressions, 999x50": lambda: logistic(999, 50),
    "sweep of 8 logistic regressions, 4998x100": lambda: logistic(4998, 100),
}
# These need scikit-learn and SciPy, which are loaded only when they are asked for.
workloads |= {
    "k-means 1797x64 k10, 10 starts": k_means,
    "spectral 1797x64 k10, 10 neighbours": lambda: spectral(True),
    "spectral 1797x64 k10, cosines": lambda: spectral(False),
    "rfft 1024 of 4096 rows": lambda: transform(True),
    "fft 2^18 complex, double": lambda: transform(False),
    "solve 800": lambda: factorization(800, lambda s, a: s.linalg.solve(a, a[0] * 0 + 1)),
    "eigh 400": lambda: factorization(400, lambda s, a: s.linalg.eigh(a + a.T)),
    "svd 400": lambda: factorization(400, lambda s, a: s.linalg.svd(a, full_matrices=False)),
    "assignment 400": lambda: factorization(400, lambda s, a: s.optimize.linear_sum_assignment(a)),
    "cg 128^3, 20 steps": lambda: conjugate_gradients(128, 20),
    "poisson 64^3 to 1e-8 by multigrid": lambda: multigrid(64),
}
for name, heads, linear in [("dit, softmax", 4, False), ("lit, 2 heads", 2, True)]:
    workloads[name + " sampling step of 150"] = lambda heads=heads, linear=linear: diffusion(heads, linear, False)
    workloads[name + " training step of 64"] = lambda heads=heads, linear=linear: diffusion(heads, linear, True)
workloads |= {
    "flowsep published U-Net forward": velocity,
    "flowsep small training step of 32": lambda: small_flow(32, True),
    "flowsep small sampler step of 96": lambda: small_flow(96, False),
    "moment probing step, ViT-B, 32 pictures": lambda: probing(True),
    "linear probing step, ViT-B, 32 pictures": lambda: probing(False),
}
for name, make in workloads.items():
    if part in name:
        peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"name": name, "seconds": median(make()), "peak": peak()}), flush=True)

"""Makes the fixtures of the layers with PyTorch: weights by name, input, output, and gradients of a weighted sum.

Run: python make.py <folder>. Made with torch 2.13.0, CPU.
"""
import sys

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(5)
out_folder = sys.argv[1]


def save(name, module, x, forward=None):
    x = x.clone().requires_grad_(True)
    y = (forward or module)(x)
    weights = torch.cos(torch.arange(y.numel(), dtype=torch.float32)).reshape(y.shape)
    module.zero_grad()
    (y * weights).sum().backward()
    arrays = {"input": x.detach(), "output": y.detach(), "gradient.input": x.grad}
    for key, value in module.state_dict().items():
        if value.dtype == torch.float32:
            arrays["model." + key] = value
    for key, value in module.named_parameters():
        arrays["gradient." + key] = value.grad
    save_file({k: v.contiguous() for k, v in arrays.items()}, f"{out_folder}/{name}.safetensors")


save("linear", nn.Linear(5, 3), torch.randn(2, 4, 5))
save("conv1d", nn.Conv1d(3, 4, 5, stride=2, padding=3, dilation=2), torch.randn(2, 3, 19))
save("conv1d-depthwise", nn.Conv1d(6, 6, 3, padding=4, dilation=4, groups=6), torch.randn(2, 6, 23))
save("conv1d-groups", nn.Conv1d(8, 4, 7, padding=6, dilation=2, groups=4), torch.randn(2, 8, 31))
save("conv1d-pointwise", nn.Conv1d(6, 5, 1), torch.randn(2, 6, 9))
save("conv2d", nn.Conv2d(3, 8, 3, padding=1), torch.randn(2, 3, 9, 7))
save("conv2d-stride", nn.Conv2d(4, 6, 4, stride=2, padding=1), torch.randn(1, 4, 10, 8))
save("conv2d-depthwise", nn.Conv2d(4, 4, 5, padding=2, groups=4), torch.randn(2, 4, 8, 9))
save("conv3d", nn.Conv3d(2, 3, 3, padding=1), torch.randn(1, 2, 4, 5, 6))
save("transposed1d", nn.ConvTranspose1d(4, 3, 8, stride=4, padding=2, output_padding=1), torch.randn(2, 4, 7))
save("transposed2d", nn.ConvTranspose2d(4, 6, 4, stride=2, padding=1, groups=2), torch.randn(1, 4, 5, 6))
save("layernorm", nn.LayerNorm(7), torch.randn(3, 4, 7))
save("groupnorm", nn.GroupNorm(2, 6), torch.randn(2, 6, 5, 3))
save("globalnorm", nn.GroupNorm(1, 6, eps=1e-8), torch.randn(2, 6, 11))
save("batchnorm", nn.BatchNorm2d(4), torch.randn(3, 4, 5, 2))
save("prelu", nn.PReLU(4), torch.randn(2, 4, 6))
lstm = nn.LSTM(4, 5, num_layers=2, bidirectional=True)
save("lstm", lstm, torch.randn(6, 3, 4), lambda x: lstm(x)[0])
gru = nn.GRU(4, 5, num_layers=2, bidirectional=True)
save("gru", gru, torch.randn(6, 3, 4), lambda x: gru(x)[0])
attention = nn.MultiheadAttention(8, 2, batch_first=True)
save("attention", attention, torch.randn(2, 5, 8), lambda x: attention(x, x, x, need_weights=False)[0])


def steps(name, make):
    weight = nn.Parameter(torch.linspace(-1, 1, 6))
    rule = make([weight])
    arrays = {"start": weight.detach().clone()}
    for _ in range(5):
        rule.zero_grad()
        (weight.sin() * torch.arange(6.0)).sum().backward()
        rule.step()
    arrays["end"] = weight.detach()
    save_file(arrays, f"{out_folder}/{name}.safetensors")


steps("step-adam", lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.1))
steps("step-adamw", lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.1))
steps("step-amsgrad", lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.01, amsgrad=True))
steps("step-sgd", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1))
steps("step-nesterov", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True))
steps("step-rmsprop", lambda p: torch.optim.RMSprop(p, lr=0.1, momentum=0.5, weight_decay=0.1))


class Plain(nn.Module):
    """A function without parameters, as a module."""

    def __init__(self, body):
        super().__init__()
        self.body = body

    def forward(self, x):
        return self.body(x)


def rotary(x):
    """Features i and i + size/2 as pairs, turned by position / 10000^(2i/size): complex products, not sines and cosines."""
    half = x.shape[-1] // 2
    rates = 10000.0 ** (-torch.arange(half, dtype=torch.float64) / half)
    angles = torch.arange(3, 3 + x.shape[-2], dtype=torch.float64)[:, None] * rates
    turned = torch.complex(x[..., :half].double(), x[..., half:].double()) * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([turned.real, turned.imag], -1).float()


def linear_attention(x):
    q, k, v = (part.relu() + 0.1 for part in x.chunk(3, -1))
    scores = q @ k.transpose(-1, -2)
    return scores @ v / (scores.sum(-1, keepdim=True) + 1e-6)


def decaying_attention(x):
    """Position by position: s = decay s + k vᵀ, o = s q."""
    q, k, v = x.chunk(3, -1)
    decay = torch.tensor([0.9, 0.5])[None, :, None, None]
    state, rows = torch.zeros(q.shape[0], 2, q.shape[-1], v.shape[-1]), []
    for t in range(q.shape[2]):
        state = decay * state + k[:, :, t, :, None] * v[:, :, t, None, :]
        rows.append((q[:, :, t, None, :] @ state).squeeze(2))
    return torch.stack(rows, 2)


functions = {
    "maxpool": (lambda x: nn.functional.max_pool2d(x, 2), (2, 3, 7, 9)),
    "maxpool-stride": (lambda x: nn.functional.max_pool2d(x, 3, stride=2), (2, 3, 8, 9)),
    "avgpool": (lambda x: nn.functional.avg_pool2d(x, 2), (2, 3, 7, 9)),
    "avgpool-stride": (lambda x: nn.functional.avg_pool2d(x, 3, stride=2), (2, 3, 8, 9)),
    "avgpool-1d": (lambda x: nn.functional.avg_pool1d(x, 4, stride=3), (2, 3, 17)),
    "nearest": (lambda x: nn.functional.interpolate(x, scale_factor=3, mode="nearest"), (2, 2, 4, 5)),
    "bilinear": (lambda x: nn.functional.interpolate(x, size=(9, 4), mode="bilinear"), (2, 2, 5, 7)),
    "bilinear-corners": (
        lambda x: nn.functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True), (2, 2, 5, 7)),
    "rotary": (rotary, (2, 2, 6, 8)),
    "attention-causal": (
        lambda x: nn.functional.scaled_dot_product_attention(*x.chunk(3, -1), is_causal=True), (2, 2, 6, 12)),
    "attention-linear": (linear_attention, (2, 2, 6, 12)),
    "attention-decaying": (decaying_attention, (2, 2, 11, 12)),
}
# A seed of their own: what is above stays as it is when functions are added.
torch.manual_seed(6)
for name, (body, shape) in functions.items():
    save("function-" + name, Plain(body), torch.randn(shape))

#!/usr/bin/env python3
"""Looks at rendered pages with a real browser and lists what is wrong.

    check.py SITE [PAGE ...] [--screenshots FOLDER]

SITE is a rendered site or a page's folder; PAGE counts from it (default: every page). Needs chromium and pdftotext
(package poppler-utils) and, from PyPI, websocket-client, html5lib and axe-playwright-python (only its axe.min.js is used).
Exits with 1 when anything is found.
"""

import argparse
import gzip
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import html5lib

from chromium import Browser

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 768, 1280, 1920)
PAGE_BYTES_GZIP = 150_000
# Lab load at a quarter of the processor's speed, in milliseconds.
FIRST_PAINT, LARGEST_PAINT, BLOCKING, SHIFT = 500, 1_000, 50, 0.02

AXE_RUN = """axe.run(document, {runOnly: {type: 'tag', values: %s}, resultTypes: ['violations']}).then((result) =>
  result.violations.map((rule) => rule.id + ': ' + rule.help + ' at ' +
    rule.nodes.slice(0, 3).map((node) => node.target.join(' ') + ' (' +
      node.any.concat(node.all).map((check) => check.message).join('; ').slice(0, 200) + ')').join(' | ')))"""

OVERFLOWING = """(() => { const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return ['page of ' + root.scrollWidth + ' px', ...[...document.body.querySelectorAll('*')].filter((part) =>
    part.getBoundingClientRect().right > root.clientWidth + 1
    && !part.parentElement.closest('.scroll, pre, .formula, .long-formula')).slice(0, 5).map((part) => part.outerHTML.slice(0, 100))]; })()"""

CLIPPED = """[...document.querySelectorAll('body *')].filter((part) => { const style = getComputedStyle(part);
    return !part.closest('.vh') && (style.overflowX === 'hidden' || style.overflowY === 'hidden') && part.clientHeight > 1
      && (part.scrollHeight > part.clientHeight + 4 && style.overflowY === 'hidden'
        || part.scrollWidth > part.clientWidth + 4 && style.overflowX === 'hidden'); })
  .map((part) => part.outerHTML.slice(0, 100))"""

SPACING = """document.head.append(Object.assign(document.createElement('style'), {textContent:
  '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }'}))"""

MEASURE = """(() => { for (const part of document.querySelectorAll('article p')) {
    const text = part.textContent; if (text.length < 200 || part.closest('aside, figure, .claim')) continue;
    const range = document.createRange(); range.selectNodeContents(part);
    const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.bottom / 12))).size;
    const style = getComputedStyle(part); const probe = document.createElement('span');
    probe.textContent = 'the quick brown fox jumps over the lazy dog and runs on '.repeat(2); probe.style.whiteSpace = 'nowrap';
    part.append(probe); const width = probe.getBoundingClientRect().width / probe.textContent.length; probe.remove();
    return part.clientWidth / width; } return 0; })()"""

FOCUSED = """(() => { const part = document.activeElement; if (!part || part === document.body) return null;
  const box = part.getClientRects()[0] || part.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height, 20) / 2, 1), innerHeight - 1);
  const over = document.elementFromPoint(x, y);
  const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return { name: part.outerHTML.slice(0, 120), seen, covered: !!over && !part.contains(over) && !over.contains(part) }; })()"""

# Each is a script and what it must give; null where the page has nothing to try it on.
COMFORTS = [
    ("""(() => { const button = [...document.querySelectorAll('#tools button')].pop(); if (!button) return null;
        const seen = []; for (let i = 0; i < 3; i++) { button.click();
          const source = document.querySelector('source[media]');
          seen.push((document.documentElement.dataset.theme || 'system') + (source ? ' ' + source.media : '')); }
        const figures = !!document.querySelector('source[media]');
        return JSON.stringify(seen) === JSON.stringify(figures
          ? ['light not all', 'dark screen', 'system screen and (prefers-color-scheme: dark)'] : ['light', 'dark', 'system']); })()""", True),
    ("""(() => { const heading = document.querySelector('table[data-sortable] th.num'); if (!heading) return null;
        heading.querySelector('button').click(); const up = heading.getAttribute('aria-sort');
        // Numbers as readers see them: thin spaces between thousands, a true minus, powers of ten with raised digits.
        const read = (text) => { const [digits, power] = text.replace(/\\s/g, '').replace('\u2212', '-').split('×10');
          const raised = [...(power || '')].map((c) => '0123456789-'['⁰¹²³⁴⁵⁶⁷⁸⁹⁻'.indexOf(c)]).join('');
          return parseFloat(digits) * 10 ** (raised || 0); };
        const rows = [...heading.closest('table').tBodies[0].rows].map((row) => read(row.cells[heading.cellIndex].textContent))
          .filter((value) => !isNaN(value));
        return up === 'ascending' && rows.every((value, at) => !at || rows[at - 1] <= value); })()""", True),
    ("""(() => { const folded = document.querySelectorAll('details.code'); if (!folded.length) return null;
        document.querySelector('#tools button').click(); return [...folded].every((part) => part.open); })()""", True),
    ("""(() => { const link = document.querySelector('a.ref, a[role="doc-biblioref"]'); if (!link) return null;
        link.dispatchEvent(new MouseEvent('mouseenter'));
        return new Promise((done) => setTimeout(() => { const shown = !!document.querySelector('.preview');
          dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}));
          done(shown && !document.querySelector('.preview')); }, 400)); })()""", True),
    ("""(() => { const tab = document.querySelector('[role="tab"]'); if (!tab) return null; tab.focus();
        tab.dispatchEvent(new KeyboardEvent('keydown', {key: 'End', bubbles: true}));
        const tabs = [...tab.parentElement.children];
        return document.activeElement === tabs.pop() && tab.tabIndex === -1; })()""", True),
]

LOAD_WATCH = """window.__load = {shift: 0, blocking: 0};
new PerformanceObserver((list) => list.getEntries().forEach((e) => { if (!e.hadRecentInput) __load.shift += e.value; })).observe({type: 'layout-shift', buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((e) => { __load.blocking += Math.max(0, e.duration - 50); })).observe({type: 'longtask', buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((e) => { __load.largest = e.startTime; })).observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((e) => { if (e.name === 'first-contentful-paint') __load.first = e.startTime; })).observe({type: 'paint', buffered: true});"""


def axe_source():
    spec = importlib.util.find_spec("axe_playwright_python")
    if not spec:
        raise SystemExit("axe is missing: pip install --no-deps axe-playwright-python")
    return pathlib.Path(spec.submodule_search_locations[0], "axe.min.js").read_text()


class Checker:
    def __init__(self, browser, site, shots, timings):
        self.browser, self.site, self.shots, self.timings = browser, site, shots, timings
        self.axe = axe_source()
        self.findings = []

    def find(self, page, what, texts):
        for text in texts if isinstance(texts, list) else [texts]:
            self.findings.append(f"{page}: {what}: {text}")

    def check(self, page):
        self.address = (self.site / page).as_uri()
        self.parse(page)
        for dark in (False, True):
            for width in (320, 1280):
                for unfolded in (False, True):
                    self.combination(page, dark, width, unfolded)
        self.layout(page)
        self.scripts_off(page)
        self.keyboard(page)
        self.comfort(page)
        self.printed(page)
        self.load(page)

    def parse(self, page):
        parser = html5lib.HTMLParser(strict=False)
        data = (self.site / page).read_bytes()
        parser.parse(data.decode())
        for (line, column), code, detail in parser.errors[:10]:
            self.find(page, "HTML", f"line {line}, column {column}: {code} {detail}")
        size = len(gzip.compress(data))
        if size > PAGE_BYTES_GZIP:
            self.find(page, "size", f"{size} bytes compressed; at most {PAGE_BYTES_GZIP} allowed")

    def watch(self, page, what):
        """Requests that leave the site's folder, failed requests, policy violations and script errors."""
        home = self.site.as_uri()
        for event in self.browser.take_events():
            method, data = event.get("method"), event.get("params", {})
            if method == "Network.requestWillBeSent":
                url = data["request"]["url"]
                if not url.startswith((home, "data:", "about:")):
                    self.find(page, what, f"request to {url[:200]}")
            elif method == "Network.loadingFailed" and not data.get("canceled"):
                self.find(page, what, f"request failed: {data.get('errorText')} {data.get('blockedReason', '')}")
            elif method == "Log.entryAdded" and data["entry"]["level"] in ("error", "warning"):
                self.find(page, what, f"{data['entry']['source']}: {data['entry']['text'][:300]}")
            elif method == "Runtime.exceptionThrown":
                self.find(page, what, data["exceptionDetails"].get("exception", {}).get("description", "script error")[:300])

    def combination(self, page, dark, width, unfolded):
        what = f"{'dark' if dark else 'light'} {width} px {'unfolded' if unfolded else 'folded'}"
        self.browser.view(width, dark=dark)
        self.browser.take_events()
        self.browser.open(self.address)
        if unfolded:
            self.browser.run("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        self.browser.run(self.axe)
        self.find(page, what, self.browser.run(AXE_RUN % AXE_TAGS))
        self.find(page, what + ", wider than the window", self.browser.run(OVERFLOWING))
        bad = self.browser.run("""[...document.querySelectorAll('math')].filter((part) => part.checkVisibility()
            && !part.getBoundingClientRect().width).map((part) => 'formula without size: ' + part.getAttribute('alttext'))""")
        self.find(page, what, bad)
        self.watch(page, what)
        if self.shots:
            name = re.sub(r"[^a-z0-9]+", "-", f"{page} {what}".lower()).strip("-")
            self.browser.screenshot(self.shots / f"{name}.png")

    def layout(self, page):
        for width in WIDTHS:
            self.browser.view(width)
            self.browser.open(self.address)
            self.find(page, f"{width} px, wider than the window", self.browser.run(OVERFLOWING))
            if width == 1280:
                count = self.browser.run(MEASURE)
                if count and not 55 <= count <= 80:
                    self.find(page, "measure", f"{count:.0f} characters a line; 55 to 80 expected")
            self.browser.run(SPACING)
            self.find(page, f"{width} px with wide spacing, cut", self.browser.run(CLIPPED))
            self.find(page, f"{width} px with wide spacing, wider than the window", self.browser.run(OVERFLOWING))
        for feature in ({"name": "forced-colors", "value": "active"}, {"name": "prefers-reduced-motion", "value": "reduce"}):
            self.browser.view(1280, features=[feature])
            self.browser.open(self.address)
            self.watch(page, feature["name"])
        if self.browser.run("getComputedStyle(document.documentElement).scrollBehavior") == "smooth":
            self.find(page, "prefers-reduced-motion", "scrolling is still smooth")

    def scripts_off(self, page):
        self.browser.send("Emulation.setScriptExecutionDisabled", value=True)
        self.browser.view(1280)
        self.browser.take_events()
        self.browser.open(self.address)
        self.watch(page, "scripts off")
        document = self.browser.send("DOM.getDocument", depth=0)["root"]["nodeId"]
        for selector in ("h1", "h2", "h3", "figure", "table", "math"):
            nodes = self.browser.send("DOM.querySelectorAll", nodeId=document, selector=f"main {selector}")["nodeIds"]
            if selector == "h1" and len(nodes) != 1:
                self.find(page, "scripts off", f"{len(nodes)} main headings")
            for node in nodes[:200]:
                closed = self.browser.send("DOM.getOuterHTML", nodeId=node)["outerHTML"]
                try:
                    self.browser.send("DOM.getBoxModel", nodeId=node)
                except RuntimeError:
                    # Nothing is drawn inside a closed <details>, which readers open without scripts.
                    if not self.inside_details(document, node):
                        self.find(page, "scripts off, not shown", closed[:100])
        if self.shots:
            self.browser.screenshot(self.shots / (re.sub(r"[^a-z0-9]+", "-", page) + "-no-scripts.png"))
        self.browser.send("Emulation.setScriptExecutionDisabled", value=False)

    def inside_details(self, document, node):
        hidden = self.browser.send("DOM.querySelectorAll", nodeId=document, selector="details:not([open]) *")["nodeIds"]
        return node in hidden

    def keyboard(self, page):
        # Without motion: a smooth scroll would still be under way when the focused element is looked for.
        self.browser.view(1280, features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
        self.browser.open(self.address)
        if self.browser.run("document.querySelectorAll('a, button').length") == 0:
            return
        seen = set()
        for step in range(600):
            self.browser.press("Tab")
            focus = self.browser.run(FOCUSED)
            if focus is None:
                break
            if step == 0 and 'class="skip"' not in focus["name"]:
                self.find(page, "keyboard", "the first stop is not the skip link")
            if not focus["seen"] or focus["covered"]:
                self.find(page, "keyboard, focus not to be seen", focus["name"])
            seen.add(focus["name"])
        else:
            self.find(page, "keyboard", "600 steps do not reach the end")
        if not seen:
            self.find(page, "keyboard", "nothing can be reached")

    def comfort(self, page):
        """What scripts add: colors, previews, sorting, folding, searching."""
        self.browser.view(1280, features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
        self.browser.take_events()
        self.browser.open(self.address)
        for trial, expected in COMFORTS:
            found = self.browser.run(trial)
            if found not in (expected, None):
                self.find(page, "comfort", f"{found!r} instead of {expected!r} from {trial[:80]}")
        if self.browser.run("!!document.getElementById('search')"):
            word = self.browser.run("document.querySelector('main > ul a').textContent.split(/\\W+/).sort((a, b) => b.length - a.length)[0]")
            self.browser.open(self.address + "?q=" + word)
            count = self.browser.run("new Promise((done) => setTimeout(() => done(document.querySelectorAll('#search li').length), 500))")
            if not count:
                self.find(page, "search", f"nothing found for '{word}', which a title holds")
            self.browser.run(self.axe)
            self.find(page, "search results", self.browser.run(AXE_RUN % AXE_TAGS))
        self.watch(page, "comfort")

    def printed(self, page):
        self.browser.view(1280, dark=True)
        self.browser.open(self.address)
        expected = self.browser.run("""[...document.querySelectorAll('main :is(h1, h2, h3, h4, figcaption, caption)'),
            ...[...document.querySelectorAll('main tbody')].map((part) => part.lastElementChild)]
          .filter((part) => part && !part.closest('.vh, .data')).map((part) => { const copy = part.cloneNode(true);
            copy.querySelectorAll('.vh, .permalink, button, audio, math').forEach((inner) => inner.remove());
            return copy.cells ? [...copy.cells].map((cell) => cell.textContent).join(' ') : copy.textContent; })""")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "page.pdf")
            self.browser.pdf(path)
            text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
            if self.shots:
                name = re.sub(r"[^a-z0-9]+", "-", page)
                subprocess.run(["pdftoppm", "-r", "60", "-png", path, str(self.shots / f"{name}-print")], check=True)
        squeeze = lambda value: re.sub(r"\W+", "", value)
        printed = squeeze(text)
        for part in expected:
            words = re.findall(r"\w+", part)
            # Lines and columns part the text of a row: its words must be there, each of them.
            if any(word not in printed for word in words):
                self.find(page, "print, missing", part.strip()[:100])
        if "\ufffd" in text:
            self.find(page, "print", "a character without a glyph")

    def load(self, page):
        self.browser.view(1280)
        self.browser.send("Emulation.setCPUThrottlingRate", rate=4)
        script = self.browser.send("Page.addScriptToEvaluateOnNewDocument", source=LOAD_WATCH)["identifier"]
        best = None
        shift = 0
        # The best of three: the budget is the page's, not that of a busy machine. What moves may not move even once.
        for _ in range(3):
            self.browser.open(self.address)
            found = self.browser.run("new Promise((done) => setTimeout(() => done(window.__load), 400))")
            shift = max(shift, found.get("shift", 0))
            if best is None or found.get("largest", 1e9) < best.get("largest", 1e9):
                best = found
        self.browser.send("Page.removeScriptToEvaluateOnNewDocument", identifier=script)
        self.browser.send("Emulation.setCPUThrottlingRate", rate=1)
        best["shift"] = shift
        limits = {"first": FIRST_PAINT, "largest": LARGEST_PAINT, "blocking": BLOCKING, "shift": SHIFT}
        for name, limit in limits.items():
            # Times depend on what else the machine does: they are printed always, and judged only where asked for.
            if not self.timings and name != "shift":
                continue
            if best.get(name, 0) > limit:
                self.find(page, "load", f"{name} is {best[name]:.3g}; at most {limit} allowed")
        print(f"{page}: load " + ", ".join(f"{key} {best.get(key, 0):.3g}" for key in limits))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("site", type=pathlib.Path)
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("--timings", action="store_true", help="judge load times too; needs an idle machine")
    arguments = parser.parse_args()
    site = arguments.site.resolve()
    pages = arguments.pages or sorted(str(path.relative_to(site)) for path in site.rglob("*.html"))
    if not pages:
        raise SystemExit(f"no pages in {site}")
    if arguments.screenshots:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
    with Browser() as browser:
        checker = Checker(browser, site, arguments.screenshots, arguments.timings)
        for page in pages:
            checker.check(page)
    for finding in checker.findings:
        print(finding)
    print(f"{len(pages)} pages, {len(checker.findings)} findings")
    sys.exit(1 if checker.findings else 0)


if __name__ == "__main__":
    main()

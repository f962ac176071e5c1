// Comfort for readers: the page is complete without it. Nothing here fetches or computes anything.
(function () {
  'use strict';
  const $ = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;
  const tools = byId('tools');
  const announce = (text) => { byId('announcement').textContent = text; };
  function button(text, label, action) {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = text;
    if (label) made.setAttribute('aria-label', label);
    made.addEventListener('click', action);
    return made;
  }

  // Colors: as the system says, light, dark. Figures follow by the media of their sources.
  const themes = ['system', 'light', 'dark'];
  let theme = root.dataset.theme || 'system';
  const sources = $('source[media]');
  function applyTheme() {
    if (theme === 'system') delete root.dataset.theme; else root.dataset.theme = theme;
    const media = { system: 'screen and (prefers-color-scheme: dark)', light: 'not all', dark: 'screen' }[theme];
    sources.forEach((source) => { if (source.media !== media) source.media = media; });
    themeButton.textContent = 'Colors: ' + theme;
  }
  const themeButton = button('', null, () => {
    theme = themes[(themes.indexOf(theme) + 1) % 3];
    try { if (theme === 'system') localStorage.removeItem('theme'); else localStorage.setItem('theme', theme); } catch (e) {}
    applyTheme();
    announce('Colors: ' + theme);
  });
  if (!themes.includes(theme)) theme = 'system';
  tools.append(themeButton);
  applyTheme();

  // Code: fold and unfold all, copy.
  const folded = $('details.code');
  if (folded.length) {
    const toggle = button('Show all code', null, () => {
      const open = !folded.every((part) => part.open);
      folded.forEach((part) => { part.open = open; });
      toggle.textContent = open ? 'Hide all code' : 'Show all code';
    });
    tools.prepend(toggle);
  }
  if (navigator.clipboard) {
    $('.code').forEach((block) => {
      const code = block.querySelector('pre');
      const cell = block.closest('.cell');
      if (!code) return;
      const name = cell ? cell.id.replace(/^cell-/, '') : 'example';
      const copy = button('Copy', 'Copy code of cell ' + name, () => {
        navigator.clipboard.writeText(code.textContent).then(
          () => announce('Code copied'), () => announce('Copying failed'));
      });
      if (block.tagName === 'DETAILS') copy.style.top = '2.4rem';
      block.append(copy);
    });
  }

  // Contents: collapsed on narrow screens, the current section marked.
  const toc = document.querySelector('.toc details');
  if (toc && !matchMedia('(min-width: 62rem)').matches) toc.open = false;
  const links = new Map($('.toc a').map((link) => [link.hash.slice(1), link]));
  if (links.size && 'IntersectionObserver' in window) {
    const seen = new Set();
    const watch = new IntersectionObserver((entries) => {
      entries.forEach((entry) => { if (entry.isIntersecting) seen.add(entry.target.id); else seen.delete(entry.target.id); });
      const current = [...links.keys()].filter((id) => seen.has(id)).pop();
      links.forEach((link, id) => {
        if (id === current) link.setAttribute('aria-current', 'true'); else link.removeAttribute('aria-current');
      });
    }, { rootMargin: '-10% 0px -70% 0px' });
    links.forEach((link, id) => { const section = byId(id); if (section) watch.observe(section); });
  }

  // A link to a place inside something folded opens it.
  function reveal() {
    let id = '';
    try { id = decodeURIComponent(location.hash.slice(1)); } catch (e) { return; }
    for (let at = id && byId(id); at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
  }
  addEventListener('hashchange', reveal);
  reveal();

  // Printing shows what is folded and the light form of figures, and puts both back.
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = $('details:not([open])');
    opened.forEach((part) => { part.open = true; });
    sources.forEach((source) => { source.media = 'not all'; });
  });
  addEventListener('afterprint', () => {
    opened.forEach((part) => { part.open = false; });
    applyTheme();
  });

  // Previews of references: shown on hover and focus, closed by Escape, and they stay while the pointer is on them.
  let preview = null;
  let timer = 0;
  function close() {
    clearTimeout(timer);
    if (preview) preview.remove();
    preview = null;
  }
  function open(link) {
    close();
    const target = byId(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    preview = document.createElement('div');
    preview.className = 'preview';
    preview.setAttribute('aria-hidden', 'true');
    preview.inert = true;
    const copy = target.cloneNode(true);
    $('[id]', copy).forEach((part) => part.removeAttribute('id'));
    $('.back, button, details, .permalink', copy).forEach((part) => part.remove());
    $('img', copy).forEach((image) => { image.loading = 'eager'; });
    preview.append(...copy.childNodes);
    document.body.append(preview);
    const box = link.getBoundingClientRect();
    const left = Math.min(box.left, root.clientWidth - preview.offsetWidth - 8);
    const below = box.bottom + preview.offsetHeight + 12 < innerHeight;
    preview.style.left = Math.max(8, left) + scrollX + 'px';
    preview.style.top = (below ? box.bottom + 6 : box.top - preview.offsetHeight - 6) + scrollY + 'px';
    preview.inert = false;
    preview.addEventListener('mouseenter', () => clearTimeout(timer));
    preview.addEventListener('mouseleave', later);
  }
  function later() { clearTimeout(timer); timer = setTimeout(close, 250); }
  $('a.ref, a[role="doc-biblioref"], a[role="doc-noteref"]').forEach((link) => {
    link.addEventListener('mouseenter', () => { clearTimeout(timer); timer = setTimeout(() => open(link), 180); });
    link.addEventListener('mouseleave', later);
    link.addEventListener('focus', () => { if (link.matches(':focus-visible')) open(link); });
    link.addEventListener('blur', close);
    link.addEventListener('click', close);
  });
  addEventListener('keydown', (event) => { if (event.key === 'Escape') close(); });

  // Tables: a click on a heading sorts by it.
  const number = (text) => {
    const plain = text.replace(/[\s\u2007\u2008\u202f]/g, '').replace('\u2212', '-');
    const power = plain.match(/^(-?[\d.]+)×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/);
    if (power) return power[1] * 10 ** [...power[2]].map((c) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c)).map((i) => (i ? i - 1 : '-')).join('');
    return parseFloat(plain);
  };
  $('table[data-sortable]').forEach((table) => {
    $('thead th', table).forEach((heading) => {
      const column = heading.cellIndex;
      const sort = button('', null, () => {
        const down = heading.getAttribute('aria-sort') === 'ascending';
        $('th', table.tHead).forEach((other) => other.removeAttribute('aria-sort'));
        heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const key = (row) => row.cells[column].textContent;
        const numeric = heading.matches('.num, .nums th');
        const compare = (a, b) => {
          if (!numeric) return key(a).localeCompare(key(b));
          const [x, y] = [number(key(a)), number(key(b))];
          return isNaN(x) ? 1 : isNaN(y) ? -1 : x - y;
        };
        // Rows of a group stay below the group's heading.
        [...table.tBodies].forEach((body) => {
          const rows = [...body.rows].filter((row) => !row.matches('.group')).sort(compare);
          body.append(...(down ? rows.reverse() : rows));
        });
        announce('Sorted by ' + sort.textContent);
      });
      sort.append(...heading.childNodes);
      heading.append(sort);
    });
  });

  // Tabs: headed sections beside each other become panels; arrows, Home and End move between them.
  $('.tabs').forEach((group, groupIndex) => {
    const panels = $(':scope > section', group);
    if (panels.length < 2) return;
    const list = document.createElement('div');
    list.setAttribute('role', 'tablist');
    const tabs = panels.map((panel, index) => {
      const heading = panel.firstElementChild;
      const tab = button(heading.textContent, null, () => select(index));
      tab.setAttribute('role', 'tab');
      tab.id = 'tab-' + groupIndex + '-' + index;
      panel.id = panel.id || 'panel-' + groupIndex + '-' + index;
      tab.setAttribute('aria-controls', panel.id);
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', tab.id);
      heading.hidden = true;
      list.append(tab);
      return tab;
    });
    function select(index) {
      tabs.forEach((tab, at) => {
        tab.setAttribute('aria-selected', String(at === index));
        tab.tabIndex = at === index ? 0 : -1;
        panels[at].hidden = at !== index;
      });
    }
    list.addEventListener('keydown', (event) => {
      const at = tabs.indexOf(document.activeElement);
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (at < 0 || next === undefined) return;
      event.preventDefault();
      const index = (next + tabs.length) % tabs.length;
      select(index);
      tabs[index].focus();
    });
    group.prepend(list);
    select(0);
    addEventListener('beforeprint', () => panels.forEach((panel) => { panel.hidden = false; panel.firstElementChild.hidden = false; }));
  });
})();

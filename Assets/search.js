// Searching works from disk too: the parts of the index are scripts, loaded when their letters are typed.
(function () {
  'use strict';
  const box = document.getElementById('search');
  const parts = {};
  const waiting = {};
  window.offprintSearch = (name, value) => { parts[name] = value; };
  function load(name) {
    if (name in parts) return Promise.resolve(parts[name]);
    return waiting[name] = waiting[name] || new Promise((resolve) => {
      const script = document.createElement('script');
      script.src = 'assets/search/' + name + '.js';
      script.onload = () => resolve(parts[name] || {});
      script.onerror = () => resolve(parts[name] = {});
      document.head.append(script);
    });
  }
  const input = document.getElementById('query');
  const list = box.querySelector('ol');
  const state = box.querySelector('[role="status"]');

  const words = (text) => (text.toLowerCase().match(/[\p{L}\p{M}\p{N}]{2,40}/gu) || []).slice(0, 8);
  const partOf = (word) => (/^[a-z0-9]/.test(word) ? word[0] : 'other');
  function unpack(text) {
    let last = 0;
    return text.split(' ').map((step) => (last += parseInt(step, 36)));
  }
  let turn = 0;
  async function search() {
    const mine = ++turn;
    const wanted = words(input.value);
    if (!wanted.length) { list.replaceChildren(); state.textContent = ''; return; }
    const places = await load('places');
    const scores = new Map();
    for (const word of wanted) {
      const part = await load(partOf(word));
      const found = new Map();
      for (const known in part) {
        if (!known.startsWith(word)) continue;
        const weight = known === word ? 3 : 1;
        unpack(part[known]).forEach((number) => found.set(number, Math.max(weight, found.get(number) || 0)));
      }
      found.forEach((weight, number) => {
        const title = (places[number][2] + ' ' + places[number][3]).toLowerCase();
        const old = scores.get(number) || { count: 0, weight: 0 };
        scores.set(number, { count: old.count + 1, weight: old.weight + weight + (title.includes(word) ? 2 : 0) });
      });
    }
    if (mine !== turn) return;
    const hits = [...scores].filter(([, score]) => score.count === wanted.length)
      .sort((a, b) => b[1].weight - a[1].weight || a[0] - b[0]);
    state.textContent = hits.length === 1 ? '1 place found' : hits.length + ' places found';
    list.replaceChildren(...hits.slice(0, 50).map(([number]) => {
      const [slug, id, report, section, text] = places[number];
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = slug + '/index.html' + (id ? '#' + id : '');
      link.textContent = section && section !== report ? report + ': ' + section : report;
      const line = document.createElement('p');
      line.className = 'muted';
      line.textContent = text;
      item.append(link, line);
      return item;
    }));
  }
  input.addEventListener('input', search);
  const asked = new URLSearchParams(location.search).get('q');
  if (asked) { input.value = asked; search(); }
})();

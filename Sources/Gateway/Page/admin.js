// SPDX-License-Identifier: Apache-2.0
// Typebar's admin page: the requests as they come. The rest is in admin-scenarios.js and admin-cadence.js.
// A request is hostile input: whatever it holds is shown as text.

import {
  Gate, Refusal, arrange, byId, call, count, element, number, pair, pretty, say, time,
} from './admin-kit.js';
import { explainRequest, showScenarios } from './admin-scenarios.js';
import { showPlan } from './admin-cadence.js';

const INTERVAL = 1000; // ms between two looks at the log
const LIMIT = 100; // requests that are shown
const [status, main, live, table, session, filter] =
  ['status', 'main', 'live', 'request-table', 'session', 'filter'].map((id) => byId(id) ?? document.querySelector(id));

/** How an answer ended: a sign for those who don't see colours, and what the word means. */
const OUTCOMES = {
  running: ['▌', 'The answer is being sent.'],
  whole: ['✓', 'All was said and sent.'],
  refused: ['⊘', 'An HTTP error instead of an answer.'],
  failed: ['✗', 'The stream ended with an error of its format.'],
  broken: ['↯', 'A fault ended it without the client’s being told.'],
  disconnected: ['⇤', 'The client left before the end.'],
  stalled: ['‖', 'The client took nothing for so long that it was cut.'],
};

/** Shows an outcome as a word, a sign and a colour. */
function showOutcome(where, sign, word, outcome, text = outcome) {
  where.dataset.outcome = outcome;
  where.title = OUTCOMES[outcome]?.[1] ?? '';
  say(sign, OUTCOMES[outcome]?.[0] ?? '·');
  say(word, text);
}

/** What the client did after an answer that was not whole. */
function afterwards({ retried_after_ms: wait, honoured_retry_after: isHonoured, accepted_truncated: tookIt }) {
  const words = [];
  if (wait !== null) {
    const later = `after ${time(wait)}`;
    if (isHonoured === null) words.push(`retried ${later}`);
    else words.push(isHonoured ? `retried ${later}, Retry-After honoured` : `retried too soon, ${later}`);
  }
  if (tookIt) words.push('took the truncated text');
  return words.join('; ');
}

// ───────────────────────────────────────── A request ──────────────────────────────────────────

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

class Entry {
  constructor(record) {
    this.body = byId('request').content.cloneNode(true).firstElementChild;
    this.summary = this.body.querySelector('.summary');
    this.button = this.body.querySelector('button');
    const came = new Date(record.received);
    const shown = Number.isNaN(came.valueOf()) ? record.received : clock.format(came);
    Object.assign(this.body.querySelector('time'), { dateTime: record.received, textContent: shown });
    this.body.dataset.id = record.id;
    this.button.ariaLabel = `${shown}, request ${record.id}`;
    this.button.title = record.received;
    this.summary.addEventListener('click', (event) => {
      const isOwn = event.target.closest('button') === this.button;
      // Who selects a text does not want the row to move.
      if (isOwn || getSelection().isCollapsed) this.toggle();
    });
    this.update(record);
  }

  update(record) {
    this.record = record;
    const cell = (selector) => this.summary.querySelector(selector);
    const outcome = cell('.outcome');
    const code = record.status >= 400 ? ` ${record.status}` : '';
    showOutcome(outcome, cell('.sign'), cell('.word'), record.outcome, record.outcome + code);
    say(cell('.target'), `${record.method} ${record.target}`);
    say(cell('.request small'), [record.model, record.format].filter(Boolean).join(' · '));
    say(cell('.scenario span'), record.scenario ?? '');
    say(cell('.scenario small'), record.fault ? `fault ${record.fault}` : '');
    say(cell('.session span'), record.session ?? '');
    say(cell('.took'), record.duration_ms === null ? '' : time(record.duration_ms));
    const { honoured_retry_after: isHonoured, accepted_truncated: tookIt } = record.aftermath;
    say(cell('.aftermath'), afterwards(record.aftermath));
    cell('.aftermath').dataset.is = isHonoured === false || tookIt ? 'amiss' : '';
    this.words = [record.id, record.method, record.target, record.session, record.format, record.model, record.scenario,
      record.fault, record.seed, record.status, record.outcome, afterwards(record.aftermath)].join(' ').toLowerCase();
    if (this.detail) this.showFacts();
  }

  toggle() {
    const opens = !this.detail;
    this.button.ariaExpanded = String(opens);
    if (opens) return this.open();
    this.detail.remove();
    this.detail = null;
    this.button.removeAttribute('aria-controls');
  }

  async open() {
    const detail = this.detail = byId('detail').content.cloneNode(true).firstElementChild;
    detail.id = `request-${this.record.id}`;
    this.button.setAttribute('aria-controls', detail.id);
    this.showFacts();
    this.body.append(detail);
    try {
      this.showWhole(detail, await call(`/admin/requests/${this.record.id}`));
    } catch (error) {
      detail.querySelector('.problem').textContent = error.message;
    }
  }

  showFacts() {
    const { id, received, target, session, format, model, scenario, fault, seed, status } = this.record;
    const outcome = [this.record.outcome, OUTCOMES[this.record.outcome]?.[1]].filter(Boolean).join(': ');
    const afterward = afterwards(this.record.aftermath);
    const facts = {
      id, received, target, session, format, model, scenario, fault, seed, status, outcome, afterwards: afterward,
    };
    const text = JSON.stringify(facts);
    if (text === this.factsShown && this.detail.querySelector('.facts').firstChild) return;
    this.factsShown = text;
    this.detail.querySelector('.facts').replaceChildren(...Object.entries(facts)
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([name, value]) => pair(name, String(value))));
  }

  showWhole(detail, { headers, body }) {
    const find = (selector) => detail.querySelector(selector);
    const [pre, raw, explain] = ['.body', '.raw', '.explain'].map(find);
    find('.headers').append(...headers.map(([name, value]) => pair(name, value)));
    const text = pretty(body);
    pre.textContent = text ?? (body || 'Empty.');
    raw.hidden = text === null || text === body;
    raw.addEventListener('click', () => {
      const isRaw = raw.ariaPressed === 'false';
      raw.ariaPressed = String(isRaw);
      pre.textContent = isRaw ? body : text;
    });
    explain.hidden = !this.record.format || !body;
    explain.addEventListener('click', () => explainRequest(this.record, text ?? body));
  }
}

// ────────────────────────────────────────── The log ───────────────────────────────────────────

let entries = new Map(); // the newest first
let total = 0;

function showRequests(records) {
  const before = entries;
  // A server that was started again counts from 1 again.
  entries = new Map(records.map((record) => {
    const name = `${record.id} ${record.received}`;
    const entry = before.get(name);
    entry?.update(record);
    return [name, entry ?? new Entry(record)];
  }));
  arrange(table, [table.tHead, ...[...entries.values()].map(({ body }) => body)]);
  offerSessions(records);
  showFiltered();
}

function offerSessions(records) {
  if (session.value) return; // only those of one session are here
  const names = [...new Set(records.map((record) => record.session).filter(Boolean))].sort();
  const list = byId('sessions');
  if (names.join('\n') === [...list.children].map(({ value }) => value).join('\n')) return;
  list.replaceChildren(...names.map((value) => element('option', { value })));
}

/** Shows those requests that are of the session and hold all words of the filter. */
function showFiltered() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const entry of entries.values()) {
    const isOfSession = session.value === '' || entry.record.session === session.value;
    const isShown = isOfSession && words.every((word) => entry.words.includes(word));
    entry.body.hidden = !isShown;
    if (isShown) shown++;
  }
  const isFiltered = session.value !== '' || words.length > 0;
  table.hidden = shown === 0;
  byId('none').hidden = shown > 0;
  say(byId('none'), isFiltered ? 'No request like that.' : 'Nothing yet. Point a client at this server.');
  const isCut = total > entries.size && entries.size === LIMIT;
  say(byId('shown'), shown === 0 ? '' : `${count(shown, 'request')}${isCut ? `, of the newest ${LIMIT}` : ''}.`);
}

function showCounts({ total, outcomes, scenarios }) {
  const places = byId('outcomes');
  const names = Object.keys(OUTCOMES).filter((name) => outcomes[name] > 0);
  arrange(places, ['total', ...names].map((name) => {
    const figure = [...places.children].find((child) => child.dataset.outcome === name) ?? newCount(name);
    say(figure.lastElementChild, number(name === 'total' ? total : outcomes[name]));
    return figure;
  }));
  const used = Object.entries(scenarios).sort(([, a], [, b]) => b - a);
  const named = used.slice(0, 8).map(([name, uses]) => `${name} ${number(uses)}`);
  if (used.length > 8) named.push(`and ${count(used.length - 8, 'other')}`);
  say(byId('matched'), named.length ? `By scenario: ${named.join(' · ')}` : '');
}

function newCount(name) {
  const [sign, word] = [element('span', { className: 'sign', ariaHidden: 'true' }), element('span')];
  const figure = element('div', {}, element('dt', {}, sign, ' ', word), element('dd'));
  if (name !== 'total') showOutcome(figure, sign, word, name);
  else Object.assign(figure.dataset, { outcome: name });
  if (name === 'total') word.textContent = 'received';
  return figure;
}

// ───────────────────────────────────────── To and fro ─────────────────────────────────────────

let timer;
let round = 0; // a later one makes an earlier one's answer old
let countsShown = '';

/** Looks at the log now, and while the page is live and in sight again and again. */
async function refresh() {
  clearTimeout(timer);
  const current = ++round;
  const wanted = session.value ? `&session=${encodeURIComponent(session.value)}` : '';
  try {
    const [{ requests }, counts] = await Promise.all([
      call(`/admin/requests?limit=${LIMIT}${wanted}`),
      call('/admin/counts'),
    ]);
    if (current !== round) return;
    unlock();
    total = counts.total;
    showRequests(requests);
    showCounts(counts);
    // The scenarios of files may change by themselves, but not each second.
    if (JSON.stringify(counts) !== countsShown || current % 5 === 1) await showScenarios();
    countsShown = JSON.stringify(counts);
  } catch (error) {
    if (current !== round || gate.isLocked) return;
    warn(error);
  }
  if (current === round && live.checked && !document.hidden) timer = setTimeout(refresh, INTERVAL);
}

/** Shows the page to who may see it. */
function unlock() {
  if (status.dataset.is === 'warning') inform('');
  if (!gate.open(live)) return;
  document.querySelector(':target')?.scrollIntoView(); // it was hidden when the browser looked for it
  showPlan();
}

function inform(text) {
  status.dataset.is = 'information';
  say(status, text);
}

function warn(error) {
  if (!(error instanceof Refusal)) throw error;
  status.dataset.is = 'warning';
  say(status, error.status === 0 && live.checked ? `${error.message} Asking again…` : error.message);
}

const gate = new Gate(main, () => {
  clearTimeout(timer);
  inform('');
}, refresh);

/** Does what cannot be undone, after a question. */
async function discard(question, path, method, done) {
  if (!confirm(question)) return;
  try {
    await call(path, { method });
    inform(done);
  } catch (error) {
    warn(error);
  }
  refresh();
}

byId('clear').addEventListener('click', () =>
  discard('Forget all requests?', '/admin/requests', 'DELETE', 'All requests are forgotten.'));
byId('reset').addEventListener('click', () =>
  discard('Forget all requests, and start the scenarios’ counters again?', '/admin/reset', 'POST',
    'All requests are forgotten, and the scenarios’ counters start again.'));

live.addEventListener('change', refresh);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !gate.isLocked && live.checked) refresh();
});
document.addEventListener('scenarioschanged', ({ detail }) => inform(detail));
filter.addEventListener('input', showFiltered);
let typing;
session.addEventListener('input', () => {
  showFiltered();
  clearTimeout(typing);
  typing = setTimeout(refresh, 250);
});

refresh();

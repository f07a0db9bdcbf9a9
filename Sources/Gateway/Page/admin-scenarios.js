// SPDX-License-Identifier: Apache-2.0
// The scenarios of the admin page: a list to take from and add to, and which of them would answer a request.

import { Refusal, arrange, byId, call, complain, count, element, say } from './admin-kit.js';

const [list, yaml, body, format, session, verdict, verdicts] =
  ['scenario-list', 'yaml', 'body', 'format', 'explain-session', 'verdict', 'verdicts'].map(byId);

// ───────────────────────────────────────── The list ───────────────────────────────────────────

let cards = new Map();

/** Shows the scenarios that the server has now, in the order in which they are tried. */
export async function showScenarios() {
  show((await call('/admin/scenarios')).scenarios);
}

function show(scenarios) {
  const before = cards;
  cards = new Map(scenarios.map((scenario) => {
    const card = before.get(scenario.name) ?? newCard(scenario.name);
    say(card.querySelector('.uses'), uses(scenario));
    say(card.querySelector('.when'), scenario.when || 'any request');
    say(card.querySelector('.place'), scenario.place);
    return [scenario.name, card];
  }));
  arrange(list, [...cards.values()]);
  list.hidden = scenarios.length === 0;
  byId('no-scenario').hidden = scenarios.length > 0;
}

function newCard(name) {
  const remove = element('button', { type: 'button', ariaLabel: `Remove ${name}`, textContent: 'Remove' });
  remove.addEventListener('click', () => removeScenario(name));
  return element('li', {},
    element('div', { className: 'heading' },
      element('strong', {}, name), element('span', { className: 'uses' }), remove),
    element('p', { className: 'when code' }),
    element('small', { className: 'place' }));
}

function uses({ uses, times, weight }) {
  const words = [uses === 0 ? 'not used yet' : `used ${count(uses, 'time')}`];
  if (times !== null) words.push(`at most ${count(times, 'time')} a session`);
  if (weight !== null) words.push(`weight ${weight}`);
  return words.join(', ');
}

async function removeScenario(name) {
  if (!confirm(`Remove “${name}”? One of a file is back when the file is read again.`)) return;
  try {
    await call(`/admin/scenarios/${encodeURIComponent(name)}`, { method: 'DELETE' });
    tell(`“${name}” is removed.`);
  } catch (error) {
    tell(refusal(error).message);
  }
  byId('scenarios-title').focus(); // the button goes, and the focus should not be lost with it
  await showScenarios().catch(refusal);
}

const post = (path, type, body) => call(path, { method: 'POST', type, body });

const tell = (detail) => document.dispatchEvent(new CustomEvent('scenarioschanged', { detail }));

/** What the server refuses is told; anything else is a mistake of the page. */
function refusal(error) {
  if (error instanceof Refusal) return error;
  throw error;
}

byId('scenario-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const problem = byId('yaml-problem');
  try {
    const { scenarios } = await post('/admin/scenarios', 'application/yaml', yaml.value);
    complain(yaml, problem, '');
    yaml.value = '';
    show(scenarios);
    list.scrollTop = 0; // the new ones come first
    tell('The scenarios are added.');
  } catch (error) {
    complain(yaml, problem, refusal(error).message);
    selectLine(yaml, Number(error.message.match(/^\S*?:(\d+):/)?.[1]));
  }
});

yaml.addEventListener('input', () => complain(yaml, byId('yaml-problem'), ''));

/** Selects the line that the server complains about, counted from 1. */
function selectLine(area, number) {
  area.focus();
  const lines = area.value.split('\n');
  if (!(number >= 1 && number <= lines.length)) return;
  const start = lines.slice(0, number - 1).reduce((length, line) => length + line.length + 1, 0);
  area.setSelectionRange(start, start + lines[number - 1].length);
}

// ───────────────────────────────────────── Explain ────────────────────────────────────────────

let path = null; // of the request that is explained; null is the format's own

/** Explains a request of the log. */
export function explainRequest(record, text) {
  format.value = record.format;
  session.value = record.session ?? '';
  body.value = text;
  path = record.target.split('?')[0];
  byId('explain-title').focus();
  byId('explain').scrollIntoView();
  ask();
}

async function ask() {
  const query = new URLSearchParams({ format: format.value });
  if (session.value) query.set('session', session.value);
  if (path) query.set('path', path);
  try {
    const answer = await post(`/admin/explain?${query}`, 'application/json', body.value);
    complain(body, byId('body-problem'), '');
    showVerdicts(answer);
  } catch (error) {
    verdict.replaceChildren();
    verdicts.hidden = true;
    complain(body, byId('body-problem'), refusal(error).message);
  }
}

function showVerdicts({ match, scenarios }) {
  verdict.replaceChildren(match === null
    ? element('p', {}, scenarios.length ? 'No scenario matches: a built-in answer takes it.'
      : 'There are no scenarios: a built-in answer takes it.')
    : element('p', {}, element('strong', {}, match), ' answers it.'));
  verdicts.hidden = scenarios.length === 0;
  verdicts.replaceChildren(...scenarios.map(({ name, place, failure }) => {
    const holds = failure === null;
    const word = name === match ? 'answers it' : holds ? 'matches too, but comes later' : failure;
    const item = element('li', {},
      element('span', { className: 'sign', ariaHidden: 'true' }, holds ? '✓' : '✗'), ' ',
      element('strong', {}, name), ' ', element('span', {}, word), ' ',
      element('small', { className: 'place' }, place));
    item.dataset.holds = String(holds);
    return item;
  }));
}

byId('explain-form').addEventListener('submit', (event) => {
  event.preventDefault();
  ask();
});

// Another format means another path.
format.addEventListener('change', () => { path = null; });
body.addEventListener('input', () => {
  path = null;
  complain(body, byId('body-problem'), '');
});

// SPDX-License-Identifier: Apache-2.0
// What all parts of the admin page use: the server, elements, and how values are put in words.

const KEY = 'typebar.admin.key';
const PATIENCE = 10_000; // ms that one answer may take

let key = stored();

/** Refused by the server for its `parameter`, if for one; or not even answered: then `status` is 0. */
export class Refusal extends Error {
  constructor(status, message, parameter = null) {
    super(message);
    this.status = status;
    this.parameter = parameter;
  }
}

/** Asks the server. A 401 is also an event `keyneeded` of the document, for whatever was asked needs the key. */
export async function call(path, { method = 'GET', body, type } = {}) {
  const headers = withKey();
  if (type) headers.set('Content-Type', type);
  const [response, text] = await exchange(path, { method, body, headers });
  const answer = parsed(text);
  if (response.ok && answer !== undefined) return answer;
  throw refusal(response, answer);
}

/**
 * The data of each event of a stream, until it ends or `silence` ms pass without one. An EventSource would not show the
 * key.
 */
export async function* events(path, silence) {
  const cut = new AbortController();
  let timer = setTimeout(() => cut.abort(), PATIENCE);
  try {
    const response = await fetch(path, { headers: withKey(), cache: 'no-store', signal: cut.signal });
    if (!response.ok) throw refusal(response, parsed(await response.text()));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = (rest + part.value).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) if (block.startsWith('data: ')) yield block.slice(6);
      clearTimeout(timer);
      timer = setTimeout(() => cut.abort(), silence);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(0, 'The server does not answer.');
  } finally {
    clearTimeout(timer);
    cut.abort(); // who has had enough leaves no connection open
  }
}

function withKey() {
  return new Headers(key ? { Authorization: `Bearer ${key}` } : {});
}

function refusal({ status }, answer) {
  if (status === 401) document.dispatchEvent(new CustomEvent('keyneeded', { detail: { wasTried: key !== '' } }));
  const { message = `The server answered ${status}.`, param } = answer?.error ?? {};
  return new Refusal(status, message, param);
}

async function exchange(path, options) {
  try {
    const response = await fetch(path, { ...options, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
    return [response, await response.text()];
  } catch {
    throw new Refusal(0, 'The server does not answer.');
  }
}

/** The value of a JSON text, null of an empty one, undefined of anything else. */
function parsed(text) {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The form that asks for the key, in the place of what nobody sees without it. */
export class Gate {
  isLocked = false;

  /** `closed` is called when the form appears, `retry` when a key has been given: it asks the server again. */
  constructor(main, closed, retry) {
    const [field, problem] = [byId('key'), byId('key-problem')];
    this.main = main;
    document.addEventListener('keyneeded', ({ detail: { wasTried } }) => {
      complain(field, problem, wasTried ? 'The server does not take this key.' : '');
      if (this.isLocked) return;
      this.isLocked = true;
      main.hidden = true;
      byId('key-form').hidden = false;
      closed();
      field.focus();
    });
    byId('key-form').addEventListener('submit', async (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!/^[\x21-\x7e]+$/.test(text)) {
        return complain(field, problem, 'A key is made of letters, digits and signs, without a space.');
      }
      useKey(text);
      complain(field, problem, '');
      await retry();
      if (this.isLocked) field.select();
    });
  }

  /** Shows the page; `next` gets the focus if the form had it. False where it was in sight already. */
  open(next) {
    if (!this.main.hidden) return false;
    this.main.hidden = false;
    if (this.isLocked) next.focus(); // the form goes, and the focus should not go with it
    this.isLocked = false;
    byId('key').value = '';
    byId('key-form').hidden = true;
    return true;
  }
}

/** The key lives as long as the tab. Where the browser stores nothing, as long as the page. */
function useKey(text) {
  key = text;
  try {
    sessionStorage.setItem(KEY, text);
  } catch { /* this page still has it */ }
}

function stored() {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

// ───────────────────────────────────────── Elements ───────────────────────────────────────────

export const byId = (id) => document.getElementById(id);

/** A new element. Texts among its children become text nodes, never HTML. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Sets a text only where it is another, so that a selection in it stays. */
export function say(where, text) {
  if (where.textContent !== text) where.textContent = text;
}

/** Makes `elements` the children of `parent`. Those that stay are not moved: they keep focus and selection. */
export function arrange(parent, elements) {
  const staying = new Set(elements);
  for (const child of [...parent.children]) if (!staying.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const each of elements) {
    if (each === next) next = next.nextElementSibling;
    else parent.insertBefore(each, next);
  }
}

/** A `dt` and a `dd` that belong together. */
export const pair = (term, ...value) => element('div', {}, element('dt', {}, term), element('dd', {}, ...value));

/** Says by a field what is wrong with it; nothing, with an empty text. */
export function complain(field, where, message) {
  where.textContent = message;
  if (message) field.setAttribute('aria-invalid', 'true');
  else field.removeAttribute('aria-invalid');
}

// ────────────────────────────────────────── Words ─────────────────────────────────────────────

/** Milliseconds, as short as can be read: `3.2 ms`, `480 ms`, `1.24 s`. */
export function time(milliseconds) {
  if (milliseconds < 9.95) return `${Number(milliseconds.toFixed(1))}\u00a0ms`;
  if (milliseconds < 999.5) return `${milliseconds.toFixed(0)}\u00a0ms`;
  const seconds = milliseconds / 1000;
  return `${Number(seconds.toFixed(seconds < 10 ? 2 : 1))}\u00a0s`;
}

export const number = (value) => value.toLocaleString('en');

export const count = (value, thing) => `${number(value)} ${thing}${value === 1 ? '' : 's'}`;

/** A JSON text with a line for each member, its tokens as they came; null where it is no JSON. */
export function pretty(text) {
  if (!text || parsed(text) === undefined) return null;
  const tokens = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  const lines = [];
  let line = '';
  let depth = 0;
  // A bound, for a body may be nothing but brackets.
  const turn = () => {
    lines.push(line);
    line = '  '.repeat(Math.min(depth, 40));
  };
  tokens.forEach((token, index) => {
    const isEmpty = '{['.includes(token) && '}]'.includes(tokens[index + 1]);
    const closesEmpty = '}]'.includes(token) && '{['.includes(tokens[index - 1]);
    if ('}]'.includes(token) && !closesEmpty) {
      depth--;
      turn();
    }
    line += token === ':' ? ': ' : token;
    if ('{['.includes(token) && !isEmpty) {
      depth++;
      turn();
    } else if (token === ',') turn();
  });
  return [...lines, line].join('\n');
}

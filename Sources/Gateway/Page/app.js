// SPDX-License-Identifier: Apache-2.0
// Typebar's chat page, and the example to copy from. First the stream, which needs nothing of the rest;
// then an answer on the page; then the form. What is measured on the way is in plot.js.

import { Meter } from './plot.js';

// ───────────────────────────────────────── The stream ─────────────────────────────────────────

/**
 * One answer, over as many connections as it takes.
 *
 * `on` is told `start(info)` at the head of each connection and `text(string)` for each frame; at the end, once,
 * `done()` or `fault({kind, message, retryable})`; `lost()` when the line broke and the browser connects again by
 * itself; `refused()` when the browser gave up, as it does on any answer that is not an event stream.
 */
export class ChatStream {
  /** `<stream id>.<UTF-8 bytes of the text so far>`: all that is needed to go on from here. */
  lastId = '';

  constructor(url, on) {
    this.on = on;
    this.connect(url);
  }

  get id() { return this.lastId.split('.')[0]; }
  get offset() { return Number(this.lastId.split('.')[1]); }

  connect(url) {
    const source = this.source = new EventSource(url);
    source.addEventListener('start', (event) => {
      this.lastId = event.lastEventId;
      this.on.start(JSON.parse(event.data));
    });
    source.addEventListener('message', (event) => {
      // The end is known by its id, for a model may well say "[DONE]".
      if (event.lastEventId.endsWith('.end')) {
        source.close(); // else the browser would connect again
        this.on.done();
      } else {
        this.lastId = event.lastEventId;
        this.on.text(event.data);
      }
    });
    source.addEventListener('fault', (event) => {
      source.close();
      this.on.fault(JSON.parse(event.data));
    });
    // When a line breaks the browser connects again by itself, with the last id as Last-Event-ID.
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CONNECTING) this.on.lost();
      else this.on.refused();
    });
  }

  close() { this.source.close(); }

  /** Goes on after the last frame that came. A new EventSource can't set a header: the id is in the query. */
  resume() { this.connect(`/chat/stream?last_event_id=${encodeURIComponent(this.lastId)}`); }

  /** Ends the generation, for every reader. What follows on the stream is a fault of kind `cancelled`. */
  async stop() { await request(`/chat/streams/${this.id}`, { method: 'DELETE' }); }
}

/** The URL to read an answer from. A prompt too long for a URL is posted first, and its answer read by id. */
async function streamURL(parameters) {
  const url = `/chat/stream?${parameters}`;
  if (url.length < 7000) return url;
  const response = await request('/chat', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(parameters)),
  });
  return (await response.json()).url;
}

async function request(url, options) {
  const response = await fetch(url, options);
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  throw new Error(body?.error?.message ?? `The gateway answered ${response.status}.`);
}

// ──────────────────────────────────── An answer on the page ───────────────────────────────────

const [log, status, composer, prompt, model, unit, rate, send, stop, cut] =
  ['log', 'status', 'composer', 'prompt', 'model', 'unit', 'rate', 'send', 'stop', 'cut']
    .map((id) => document.getElementById(id));
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** The answer that is typing, or else the last one. */
let answer = null;

class Answer {
  meter = new Meter();
  pending = ''; // has come, but is not shown yet
  stopping = false;

  constructor(parameters) {
    this.parameters = parameters;
    const turn = document.getElementById('turn').content.cloneNode(true);
    turn.querySelector('.question p').textContent = parameters.get('prompt');
    this.article = turn.querySelector('.answer');
    this.typed = turn.querySelector('.text').appendChild(new Text()); // a text node never becomes HTML
    log.append(turn);
    log.ariaBusy = 'true'; // a screen reader waits for the whole answer
    log.scrollTop = log.scrollHeight;
  }

  get state() { return this.article.dataset.state; }
  get running() { return ['connecting', 'typing', 'cut'].includes(this.state); }

  enter(state, message) {
    this.article.dataset.state = state;
    status.textContent = message;
    showButtons();
  }

  say(where, what) { stayingAtEnd(() => { this.article.querySelector(where).textContent = what; }); }

  async open() {
    this.enter('connecting', 'Connecting…');
    this.meter.show();
    try {
      const url = await streamURL(this.parameters);
      if (this.running) this.stream = new ChatStream(url, this);
    } catch (error) {
      this.finish('fault', error.message, true);
    }
  }

  // What the stream tells.

  start(info) {
    this.article.dataset.streamId = info.id;
    const pace = info.rate > 0 ? `${info.rate} a second` : 'as fast as it can';
    this.say('.source', `${info.model} · ${info.unit} · ${pace} · seed ${info.seed}`);
    if (!info.resumed) return this.enter('typing', 'Waiting for the first token…');
    const message = `${this.broken}, resumed at byte ${this.stream.offset}.`;
    this.say('.note', message);
    this.enter('typing', message);
  }

  text(string) {
    this.meter.frame(string);
    if (this.meter.frames === 1 && !this.broken) status.textContent = 'Typing…';
    this.pending += string;
    showSoon();
  }

  done() { this.finish('done', `Done: ${this.meter.frames} frames in ${this.meter.seconds} s.`); }

  fault({ kind, message, retryable }) {
    if (kind !== 'cancelled') this.finish('fault', message, retryable);
    else this.finish('stopped', this.stopping ? 'Stopped.' : `Stopped by the gateway: ${message}`);
  }

  lost() {
    if (this.state === 'typing') this.breakLine('Line lost');
    this.enter('connecting', this.broken ? `${this.broken}, reconnecting…` : 'No connection, reconnecting…');
  }

  refused() {
    this.finish('fault', this.stream.lastId
      ? 'The line broke, and the gateway could not go on with this answer.'
      : 'The gateway refused this request, or can’t be reached.', true);
  }

  // What the reader does.

  cut() {
    if (this.state !== 'typing') return;
    this.stream.close();
    this.breakLine('Line cut');
    this.enter('cut', `${this.broken}.`);
    this.splice = setTimeout(() => {
      this.enter('connecting', `${this.broken}, reconnecting…`);
      this.stream.resume();
    }, 1000);
  }

  async stop() {
    this.stopping = true;
    this.enter(this.state, 'Stopping…');
    try {
      if (this.stream?.lastId) await this.stream.stop();
      else this.finish('stopped', 'Stopped before it began.');
    } catch (error) {
      this.finish('stopped', `Stopped here, but the gateway could not be told: ${error.message}`);
    }
  }

  breakLine(how) {
    this.broken = `${how} at byte ${this.stream.offset}`;
    this.meter.cut();
    this.show();
  }

  finish(state, message, retryable = false) {
    if (!this.running) return;
    clearTimeout(this.splice);
    this.stream?.close();
    this.show();
    this.meter.finish();
    if (state !== 'done') this.say('.note', message);
    if (retryable) stayingAtEnd(() => this.offerAnother());
    this.enter(state, message);
    log.ariaBusy = 'false';
  }

  offerAnother() {
    const again = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Try again' });
    again.addEventListener('click', () => {
      send.focus(); // the button goes, and the focus should not go with it
      ask(this.parameters);
    });
    this.article.querySelector('.note').append(' ', again);
  }

  show() {
    stayingAtEnd(() => this.typed.appendData(this.pending));
    this.pending = '';
    this.meter.show();
  }
}

/** Changes the log. A reader at its end is kept there; one who has scrolled up is left in peace. */
function stayingAtEnd(change) {
  const isAtEnd = log.scrollHeight - log.clientHeight - log.scrollTop < 40;
  change();
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

let showIsDue = false;

/** Frames may come by the thousand a second: show them once an animation frame, or calmly 4 times a second. */
function showSoon() {
  if (showIsDue) return;
  showIsDue = true;
  const show = () => {
    showIsDue = false;
    if (answer.running) answer.show();
  };
  if (calm.matches) setTimeout(show, 250);
  else requestAnimationFrame(show);
}

// ────────────────────────────────────────── The form ──────────────────────────────────────────

function ask(parameters) {
  if (answer?.running) return;
  log.querySelectorAll('.blank, .note button').forEach((element) => element.remove());
  answer = new Answer(parameters);
  answer.open();
}

function showButtons() {
  const { running, stopping, stream } = answer;
  const focused = document.activeElement;
  send.ariaDisabled = String(running); // can still be focused: who sends by keyboard keeps the place
  stop.disabled = !running || stopping;
  cut.disabled = !running || !stream?.lastId;
  if (focused.disabled) send.focus();
}

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  if (answer?.running) return;
  const parameters = new URLSearchParams({ prompt: prompt.value, unit: unit.value, rate: Number(rate.value) });
  if (model.value) parameters.set('model', model.value);
  prompt.value = '';
  ask(parameters);
});

prompt.addEventListener('keydown', (event) => {
  // While an input method composes, Enter takes its proposal.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});

rate.addEventListener('input', () => {
  const tooSlow = rate.value > 0 && rate.value < 0.1;
  rate.setCustomValidity(tooSlow ? 'The slowest rate is 0.1 a second; 0 is as fast as it can.' : '');
});

document.querySelector('.presets').addEventListener('click', (event) => {
  if (!event.target.value) return;
  rate.value = event.target.value;
  rate.dispatchEvent(new Event('input'));
});

stop.addEventListener('click', () => answer.stop());
cut.addEventListener('click', () => answer.cut());

request('/chat/models').then((response) => response.json()).then(({ models }) => {
  model.replaceChildren(...models.map(({ name, description }) =>
    Object.assign(new Option(name), { title: description ?? '' })));
  // The gateway's own default: the first upstream's model, else the mock.
  const byDefault = models.find(({ kind }) => kind === 'upstream') ?? models.find(({ name }) => name === 'mock');
  if (byDefault) model.value = byDefault.name;
}).catch((error) => { status.textContent = `The list of models did not come: ${error.message}`; });

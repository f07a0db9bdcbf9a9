// SPDX-License-Identifier: Apache-2.0
// Typebar's live page: the figures of `/live/events`, one event a second. All its counters count from the gateway's
// start, so what happened in a time is the difference of two events.

import { Gate, arrange, byId, element, events, number, pair, say, time } from './admin-kit.js';

const WINDOW = 60; // seconds that the plots show
const SILENCE = 5000; // ms without an event after which the line counts as dead
const PAUSE = 1000; // ms before it asks again
const main = document.querySelector('main');

/** The events of the last minute, the oldest first. */
let told = [];

// ─────────────────────────────────────── The connection ───────────────────────────────────────

const gate = new Gate(main, () => say(byId('status'), ''), listen);
let timer;

/** Follows the figures for as long as it may; resolves as soon as it is known whether it may. */
function listen() {
  clearTimeout(timer);
  return new Promise((resolve) => follow(resolve));
}

async function follow(begun) {
  let problem = 'The gateway does not answer.';
  try {
    for await (const data of events('/live/events', SILENCE)) {
      begun();
      take(JSON.parse(data));
    }
  } catch (error) {
    if (error.status) problem = error.message;
  }
  begun();
  if (gate.isLocked) return;
  say(byId('status'), `${problem} Asking again…`);
  main.dataset.is = 'old';
  timer = setTimeout(listen, PAUSE);
}

function take(event) {
  if (event.uptime < (told.at(-1)?.uptime ?? 0)) told = []; // another gateway, or started again
  told.push(event);
  while (event.uptime - told[0].uptime > WINDOW) told.shift();
  say(byId('status'), '');
  delete main.dataset.is;
  gate.open(main);
  show();
}

// ───────────────────────────────────────── Figures ────────────────────────────────────────────

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** How much `figure` grew a second between two events. */
function growth(figure, before, after) {
  const seconds = after.uptime - before.uptime;
  return seconds > 0 ? (figure(after) - figure(before)) / seconds : 0;
}

/** What a histogram counted in the last minute; all it has, where this is the first event. */
function lately(name) {
  const { bounds, counts } = told.at(-1)[name];
  const before = told.length > 1 ? told[0][name].counts : [];
  return { bounds, counts: counts.map((count, index) => count - (before[index] ?? 0)) };
}

/** The seconds that a part of the times does not exceed, as if they lay evenly in their bucket. Null without any. */
function quantile({ bounds, counts }, part) {
  const rank = sum(counts) * part;
  let below = 0;
  for (let index = 0; index < bounds.length; index++) {
    if (counts[index] > 0 && below + counts[index] >= rank) {
      const low = bounds[index - 1] ?? 0;
      return low + (bounds[index] - low) * (rank - below) / counts[index];
    }
    below += counts[index];
  }
  return below === sum(counts) ? null : bounds.at(-1);
}

const seconds = (value) => value === null ? '–' : time(value * 1000);

function bytes(value) {
  const power = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), 3);
  return `${Number((value / 1000 ** power).toFixed(1))}\u00a0${['B', 'kB', 'MB', 'GB'][power]}`;
}

function span(value) {
  const [days, hours, minutes] = [value / 86400, value / 3600 % 24, value / 60 % 60].map(Math.floor);
  if (days) return `${days}\u00a0d ${hours}\u00a0h`;
  if (hours) return `${hours}\u00a0h ${minutes}\u00a0min`;
  return minutes ? `${minutes}\u00a0min ${Math.floor(value % 60)}\u00a0s` : `${Math.floor(value)}\u00a0s`;
}

function show() {
  const event = told.at(-1);
  const before = told.at(-2) ?? event;
  const open = Object.entries(event.open).filter(([, count]) => count > 0);
  const figures = {
    streams: number(sum(Object.values(event.open))),
    connections: number(event.connections),
    rate: number(Math.round(growth(({ frames }) => frames.text, before, event))),
    bytes: bytes(growth((each) => each.bytes, before, event)),
    ttft: seconds(quantile(lately('ttft'), 0.5)),
    uptime: span(event.uptime),
    version: event.version,
  };
  for (const [name, figure] of Object.entries(figures)) say(byId(name), figure);
  say(byId('formats'), open.map(([format, count]) => `${format} ${number(count)}`).join(' · '));
  showEnded(event.ended);
  showUpstreams(event.upstreams);
  redraw();
}

/** One element for each key, made once and kept: what is selected in it stays selected. */
const kept = new Map();

function keep(key, make) {
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key);
}

function showEnded(ended) {
  arrange(byId('ended'), Object.entries(ended).map(([outcome, count]) => {
    const shown = keep(`ended ${outcome}`, () => pair(outcome, ''));
    if (count) shown.dataset.outcome = outcome;
    say(shown.lastElementChild, number(count));
    return shown;
  }));
}

// ──────────────────────────────────────── Upstreams ───────────────────────────────────────────

/** A breaker's state: a sign for those who don't see colours, its words, and the outcome whose colour it has. */
const BREAKERS = {
  closed: ['●', 'closed', 'whole'],
  half_open: ['◐', 'half open: one request may try', 'stalled'],
  open: ['○', 'open: left alone for a while', 'failed'],
};

function showUpstreams(upstreams) {
  byId('no-upstream').hidden = upstreams.length > 0;
  byId('upstreams').hidden = upstreams.length === 0;
  arrange(byId('upstreams'), upstreams.map((target) => {
    const card = keep(JSON.stringify([target.upstream, target.model]), () => newCard(target));
    const [sign, words, outcome] = BREAKERS[target.breaker] ?? ['·', target.breaker, ''];
    const state = card.querySelector('.outcome');
    state.dataset.outcome = target.healthy ? outcome : 'failed';
    say(state.firstElementChild, sign);
    say(state.lastElementChild, target.healthy ? words : `${words}; its health check fails`);
    say(card.querySelector('.uses'), [
      `${number(target.in_flight)} in flight`,
      ...['calls', 'retries', 'hedges', 'failovers'].map((name) => `${name} ${number(target[name])}`),
    ].join(' · '));
    return card;
  }));
}

function newCard({ upstream, model }) {
  const state = element('span', { className: 'outcome' },
    element('span', { className: 'sign', ariaHidden: 'true' }), ' ', element('span'));
  return element('li', {},
    element('div', { className: 'heading' }, element('strong', {}, `${upstream} · ${model}`), state),
    element('span', { className: 'uses' }));
}

// ─────────────────────────────────────────── Plots ────────────────────────────────────────────

const MARGIN = { left: 52, right: 12, top: 8, bottom: 22 }; // CSS pixels, room for the labels

/** Columns over the width of a canvas. `labels` are pairs of a place, in columns, and a text; in ascending order. */
function draw(canvas, heights, labels) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0) return; // not in sight yet
  canvas.width = Math.round(width * devicePixelRatio); // to set it also clears it
  canvas.height = Math.round(height * devicePixelRatio);
  const style = getComputedStyle(canvas);
  const context = canvas.getContext('2d');
  context.scale(devicePixelRatio, devicePixelRatio);
  context.font = `11px ${style.fontFamily}`;

  const most = ceiling(Math.max(1, ...heights));
  const bottom = height - MARGIN.bottom;
  const x = (column) => MARGIN.left + column / heights.length * (width - MARGIN.left - MARGIN.right);
  const y = (value) => bottom - value / most * (bottom - MARGIN.top);
  const write = (text, left, top, align, baseline) => {
    Object.assign(context, { fillStyle: style.color, textAlign: align, textBaseline: baseline });
    context.fillText(text, left, top);
  };

  for (const value of [0, most / 2, most]) {
    context.fillStyle = style.getPropertyValue('--rule');
    context.fillRect(MARGIN.left, Math.round(y(value)), x(heights.length) - MARGIN.left, 1);
    if (value) write(number(value), MARGIN.left - 6, y(value), 'right', 'middle');
  }
  context.fillStyle = style.getPropertyValue('--ink');
  heights.forEach((value, column) => {
    if (value <= 0) return;
    const top = Math.min(y(value), bottom - 1); // what happened once can be seen beside what happened often
    context.fillRect(x(column) + 1, top, x(column + 1) - x(column) - 1, bottom - top);
  });
  let free = 0; // where the next label may begin
  for (const [column, text] of labels) {
    const half = context.measureText(text).width / 2;
    const middle = Math.min(x(column), width - half);
    if (middle - half < free) continue;
    write(text, middle, bottom + 6, 'center', 'top');
    free = middle + half + 8;
  }
}

/** The next round number: 1, 2 or 5 times a power of ten. */
function ceiling(value) {
  const decade = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((each) => each * decade >= value) * decade;
}

function drawRate() {
  const rates = new Array(WINDOW).fill(0);
  const { uptime } = told.at(-1);
  for (let index = 1; index < told.length; index++) {
    const age = Math.round(uptime - told[index].uptime);
    if (age < WINDOW) {
      rates[WINDOW - 1 - age] = growth(({ frames }) => frames.text, told[index - 1], told[index]);
    }
  }
  const canvas = byId('rate-plot');
  canvas.ariaLabel = `${number(Math.round(rates.at(-1)))} frames in the last second.`;
  draw(canvas, rates, [[0, '60 s ago'], [WINDOW / 2, '30 s'], [WINDOW, 'now']]);
}

function drawHistogram(name) {
  const histogram = lately(name);
  const [half, most] = [0.5, 0.99].map((part) => seconds(quantile(histogram, part)));
  say(byId(`${name}-words`), `p50 ${half}, p99 ${most}`);
  const canvas = byId(`${name}-plot`);
  canvas.ariaLabel = `Half are up to ${half}, 99 % up to ${most}.`;
  draw(canvas, histogram.counts, histogram.bounds.map((bound, index) => [index + 1, seconds(bound)]));
}

function redraw() {
  if (told.length === 0) return;
  drawRate();
  drawHistogram('lag');
  drawHistogram('gap');
}

new ResizeObserver(redraw).observe(byId('rate-plot'));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
listen();

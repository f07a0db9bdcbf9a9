// SPDX-License-Identifier: Apache-2.0
// The preview of a cadence: what `/admin/plan` says, as figures, as two plots, and played.

import { Refusal, byId, call, complain, number, time } from './admin-kit.js';

const [form, cadence, ownCadence, jitter, play, typed, planPlot, gapPlot] =
  ['cadence-form', 'cadence-name', 'own-cadence', 'jitter', 'play', 'typed', 'plan-plot', 'gap-plot'].map(byId);
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const LONGEST_URL = 7000;

/** The units as `[due in ms, text]`, and the gaps between them in ms. */
let plan = { units: [], gaps: [] };

// ───────────────────────────────────────── The form ───────────────────────────────────────────

let round = 0; // a later plan makes an earlier answer old

/** Asks for the plan that the form describes, and shows it. */
export async function showPlan() {
  const current = ++round;
  stop();
  try {
    const { seed, units } = await call(planURL());
    if (current !== round) return;
    tellOf('', null);
    show(seed, units);
  } catch (error) {
    if (current !== round) return;
    if (!(error instanceof Refusal)) throw error;
    tellOf(error.message, error.parameter);
  }
}

function planURL() {
  const query = new URLSearchParams(new FormData(form)); // what is disabled is left out
  for (const [name, value] of [...query]) if (value.trim() === '') query.delete(name);
  if (!ownCadence.disabled && ownCadence.value) query.set('cadence', ownCadence.value);
  const url = `/admin/plan?${query}`;
  if (url.length <= LONGEST_URL) return url;
  throw new Refusal(0, 'The text is too long for a preview; a shorter one shows as much.', 'text');
}

/** Says what is wrong, and marks the field that is. */
function tellOf(message, name) {
  for (const field of form.elements) field.removeAttribute('aria-invalid');
  const field = form.elements.namedItem(name === 'cadence' && !ownCadence.disabled ? 'own-cadence' : name ?? '');
  if (field) complain(field, byId('cadence-problem'), message);
  else byId('cadence-problem').textContent = message;
  for (const shown of document.querySelectorAll('#cadence :is(.plots, .counts)')) shown.dataset.is = message && 'old';
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  showPlan();
});

let typing;

/** Shows another plan once the form rests. */
function changed() {
  const isOwn = cadence.value === '';
  ownCadence.disabled = !isOwn;
  ownCadence.closest('.field').hidden = !isOwn;
  // The one has none, the other always the same.
  jitter.disabled = ['constant', 'exponential'].includes(cadence.value);
  clearTimeout(typing);
  typing = setTimeout(showPlan, 300);
}

form.addEventListener('input', changed);
cadence.addEventListener('change', changed); // not every driver of a browser tells of an input in a list
byId('unit').addEventListener('change', changed);

// ───────────────────────────────────────── The plan ───────────────────────────────────────────

function show(seed, units) {
  const gaps = units.slice(1).map(([due], index) => due - units[index][0]);
  plan = { units, gaps };
  const sorted = Float64Array.from(gaps).sort();
  const percentile = (part) => sorted[Math.ceil(sorted.length * part / 100) - 1];
  const length = units.at(-1)?.[0] ?? 0;
  const figures = {
    units: number(units.length),
    time: time(length),
    p50: gaps.length ? time(percentile(50)) : '–',
    p99: gaps.length ? time(percentile(99)) : '–',
    mean: gaps.length ? time(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length) : '–',
    seed,
  };
  for (const [name, figure] of Object.entries(figures)) byId(`plan-${name}`).textContent = figure;
  planPlot.ariaLabel = `${figures.units} units in ${figures.time}, the first after ${time(units[0]?.[0] ?? 0)}.`;
  gapPlot.ariaLabel = `Half of the gaps are up to ${figures.p50}, 99 % up to ${figures.p99}; `
    + `their mean is ${figures.mean}.`;
  typed.textContent = '';
  play.disabled = units.length === 0;
  redraw();
}

// ─────────────────────────────────────────── Play ─────────────────────────────────────────────

let player = null;

class Player {
  played = 0;
  begun = performance.now();

  step = () => {
    const now = performance.now() - this.begun;
    let text = '';
    while (this.played < plan.units.length && plan.units[this.played][0] <= now) text += plan.units[this.played++][1];
    if (text) {
      this.text.appendData(text);
      redraw();
    }
    if (this.played < plan.units.length) this.wait();
    else stop();
  };

  constructor() {
    this.text = document.createTextNode('');
    typed.replaceChildren(this.text);
    this.wait();
  }

  wait() {
    if (calm.matches) this.timer = setTimeout(this.step, 250);
    else this.frame = requestAnimationFrame(this.step);
  }

  end() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
  }
}

function stop() {
  player?.end();
  player = null;
  typed.dataset.state = 'idle';
  play.textContent = 'Play';
}

play.addEventListener('click', () => {
  if (player) return stop();
  player = new Player();
  typed.dataset.state = 'playing';
  play.textContent = 'Stop';
  redraw();
});

// ─────────────────────────────────────────── Plots ────────────────────────────────────────────

const MARGIN = { left: 44, right: 12, top: 8, bottom: 22 }; // CSS pixels, room for the labels

/** A canvas that is empty and has an axis each way. `x` and `y` give a value's place. */
class Chart {
  constructor(canvas, rightmost, topmost) {
    const { clientWidth: width, clientHeight: height } = canvas;
    canvas.width = Math.round(width * devicePixelRatio); // to set it also clears it
    canvas.height = Math.round(height * devicePixelRatio);
    this.style = getComputedStyle(canvas);
    this.context = canvas.getContext('2d');
    this.context.scale(devicePixelRatio, devicePixelRatio);
    this.context.font = `11px ${this.style.fontFamily}`;
    this.left = MARGIN.left;
    this.right = width - MARGIN.right;
    this.bottom = height - MARGIN.bottom;
    this.x = (value) => this.left + value / rightmost * (this.right - this.left);
    this.y = (value) => this.bottom - value / topmost * (this.bottom - MARGIN.top);
    for (const value of ticks(topmost, height / 45).filter(Number.isInteger)) this.line(value);
  }

  colour(name) { return this.style.getPropertyValue(name); }

  /** A level line, and what it stands for. */
  line(value) {
    this.context.fillStyle = this.colour('--rule');
    this.context.fillRect(this.left, Math.round(this.y(value)), this.right - this.left, 1);
    this.write(number(value), this.left - 6, this.y(value), 'right', 'middle');
  }

  /** A label beneath the plot, moved in where it would stick out. */
  below(x, text) {
    const half = this.context.measureText(text).width / 2;
    this.write(text, Math.min(x, this.right + MARGIN.right - half), this.bottom + 6, 'center', 'top');
  }

  write(text, x, y, align, baseline) {
    Object.assign(this.context, { fillStyle: this.style.color, textAlign: align, textBaseline: baseline });
    this.context.fillText(text, x, y);
  }
}

/** Round values from 0 to `most`, at most so many. */
function ticks(most, many) {
  const rough = Math.max(most / Math.max(many, 1), 1e-9);
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((each) => each * decade >= rough) ?? 10) * decade;
  const length = Math.floor(most / step + 1e-9) + 1;
  return Array.from({ length }, (_, index) => Number((index * step).toPrecision(6)));
}

function drawPlan() {
  const { units } = plan;
  const length = Math.max(units.at(-1)?.[0] ?? 0, 1);
  const chart = new Chart(planPlot, length, Math.max(units.length, 1));
  for (const value of ticks(length, (chart.right - chart.left) / 70)) {
    chart.below(chart.x(value), value ? time(value) : '0');
  }
  const played = player?.played ?? 0;
  steps(chart, 0, units.length, '--ink');
  steps(chart, 0, played, '--ribbon');
  if (!player) return;
  chart.context.fillStyle = chart.colour('--ribbon');
  chart.context.fillRect(chart.x(units[played - 1]?.[0] ?? 0), MARGIN.top, 1, chart.bottom - MARGIN.top);
}

/** A step up for each unit, at the moment it is due. */
function steps(chart, from, to, colour) {
  const { context } = chart;
  context.strokeStyle = chart.colour(colour);
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.beginPath();
  context.moveTo(chart.x(0), chart.y(from));
  for (let index = from; index < to; index++) {
    const x = chart.x(plan.units[index][0]);
    context.lineTo(x, chart.y(index));
    context.lineTo(x, chart.y(index + 1));
  }
  context.stroke();
}

/** Columns on a logarithmic scale: the gaps between letters and the pauses between sentences can both be read. */
function drawGaps() {
  const shortest = 0.1; // ms; what is typed at once is shorter
  const gaps = plan.gaps.map((gap) => Math.max(gap, shortest));
  const least = gaps.reduce((a, b) => Math.min(a, b), Infinity);
  const most = gaps.reduce((a, b) => Math.max(a, b), 0);
  // At least a decade wide, so that a constant cadence is a column and not a wall.
  const low = gaps.length ? Math.log10(least) - (most < least * 8 ? 0.5 : 0.05) : 0;
  const high = gaps.length ? Math.log10(most) + (most < least * 8 ? 0.5 : 0.05) : 3;
  const columns = Math.max(16, Math.min(64, Math.round(2.5 * Math.sqrt(gaps.length))));
  const heights = new Array(columns).fill(0);
  for (const gap of gaps) {
    const column = Math.floor((Math.log10(gap) - low) / (high - low) * columns);
    heights[Math.min(column, columns - 1)]++;
  }
  const chart = new Chart(gapPlot, columns, heights.reduce((a, b) => Math.max(a, b), 1));
  const { context } = chart;
  context.fillStyle = chart.colour('--ink');
  heights.forEach((height, column) => {
    if (height === 0) return;
    const left = chart.x(column);
    context.fillRect(left + 1, chart.y(height), chart.x(column + 1) - left - 1, chart.bottom - chart.y(height));
  });
  labelGaps(chart, low, high, columns);
}

function labelGaps(chart, low, high, columns) {
  let free = chart.left; // where the next label may stand
  for (let decade = Math.floor(low); decade <= high; decade++) {
    for (const mark of high - low > 2.5 ? [1] : [1, 2, 5]) {
      const value = mark * 10 ** decade;
      const x = chart.x((Math.log10(value) - low) / (high - low) * columns);
      if (x < free || x > chart.right) continue;
      chart.below(x, value <= 0.1 ? '0' : time(value));
      free = x + 56;
    }
  }
}

function redraw() {
  if (planPlot.clientWidth === 0) return; // not in sight yet
  drawPlan();
  drawGaps();
}

new ResizeObserver(redraw).observe(planPlot);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

// SPDX-License-Identifier: Apache-2.0
// What the page measures of an answer, as figures and as a plot of the gaps between frames.

const CLOCK = 0.1; // ms, the finest step of a browser's clock
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const canvas = document.getElementById('plot');

/** The meter on show, so that a new size or colour scheme can draw it again. */
let shown = null;

/** The stopwatch of one answer: runs from its making on. */
export class Meter {
  frames = 0;
  characters = 0;
  gaps = []; // ms between frames
  cuts = 0;
  cutGaps = []; // the indices of those gaps that hold a cut
  unread = ''; // text of which the characters are not counted yet

  constructor() {
    this.sent = this.latest = performance.now();
    shown = this;
    canvas.ariaLabel = 'The answer is being measured.';
  }

  get seconds() { return ((this.latest - this.sent) / 1000).toFixed(1); }

  frame(text) {
    const now = performance.now();
    if (this.frames === 0) this.firstToken = now - this.sent;
    else this.gaps.push(now - this.latest);
    this.latest = now;
    this.frames++;
    this.unread += text;
  }

  cut() {
    this.cuts++;
    if (this.frames > 0) this.cutGaps.push(this.gaps.length);
  }

  /** Shows figures and plot; the percentiles are those of the latest gaps, lest sorting them all disturb the rest. */
  show(gaps = this.gaps.slice(-1000)) {
    for (const _ of graphemes.segment(this.unread)) this.characters++;
    this.unread = '';
    const sorted = Float64Array.from(gaps).sort();
    const figures = {
      ttft: milliseconds(this.firstToken),
      p50: milliseconds(percentile(sorted, 50)),
      p99: milliseconds(percentile(sorted, 99)),
      frames: this.frames,
      characters: this.characters,
      seconds: this.seconds,
      cuts: this.cuts,
    };
    for (const [id, figure] of Object.entries(figures)) document.getElementById(id).textContent = figure;
    draw(this.gaps, this.cutGaps);
    return figures;
  }

  /** Shows the percentiles of all gaps, and says them to those who don't see the plot. */
  finish() {
    const { p50, p99 } = this.show(this.gaps);
    canvas.ariaLabel = `Gaps between ${this.frames} frames: half are up to ${p50} ms, 99 % up to ${p99} ms. `
      + `Cuts: ${this.cuts}.`;
  }
}

const milliseconds = (value) => value?.toFixed(value < 10 ? 1 : 0) ?? '–';

/** The smallest value that `part` per cent do not exceed. */
const percentile = (sorted, part) => sorted[Math.ceil(sorted.length * part / 100) - 1];

/** Draws a column for each gap, or for each run of gaps when more than fit, from its shortest to its longest. */
function draw(gaps, cutGaps) {
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * devicePixelRatio); // to set it also clears it
  canvas.height = Math.round(height * devicePixelRatio);
  const context = canvas.getContext('2d');
  context.scale(devicePixelRatio, devicePixelRatio);
  const style = getComputedStyle(canvas);
  const colour = (name) => style.getPropertyValue(name);

  // The scale is logarithmic: a pace of 3 ms and a cut of 1 s can both be read.
  const longest = gaps.reduce((a, b) => Math.max(a, b), 1000);
  const decades = Math.ceil(Math.log10(longest / CLOCK));
  const left = 48;
  const margin = 8; // half a line of the labels
  const y = (gap) =>
    height - margin - Math.log10(Math.max(gap, CLOCK) / CLOCK) / decades * (height - 2 * margin);

  context.font = `11px ${style.fontFamily}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (let decade = 0; decade <= decades; decade++) {
    const gap = CLOCK * 10 ** decade;
    context.fillStyle = colour('--rule');
    context.fillRect(left, Math.round(y(gap)), width - left, 1);
    context.fillStyle = style.color;
    context.fillText(gap < 1000 ? `${Number(gap.toFixed(1))} ms` : `${Math.round(gap / 1000)} s`, left - 6, y(gap));
  }

  const step = 3; // CSS pixels
  const columns = Math.max(1, Math.floor((width - left) / step));
  const columnOf = (index) => Math.floor(index * Math.min(1, columns / gaps.length));
  const cutColumns = new Set(cutGaps.map(columnOf));
  for (let index = 0; index < gaps.length;) {
    const column = columnOf(index);
    let low = gaps[index];
    let high = low;
    for (; index < gaps.length && columnOf(index) === column; index++) {
      low = Math.min(low, gaps[index]);
      high = Math.max(high, gaps[index]);
    }
    context.fillStyle = colour(cutColumns.has(column) ? '--ribbon' : '--ink');
    context.fillRect(left + column * step, y(high) - 1, step - 1, y(low) - y(high) + 2);
  }
}

const redraw = () => draw(shown?.gaps ?? [], shown?.cutGaps ?? []);
new ResizeObserver(redraw).observe(canvas);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

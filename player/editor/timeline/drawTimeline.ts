import { nearestEditedMs } from '#recorder/contract';
import type { Cue, Span } from '#recorder/contract';
import { formatClock } from '../../text/format.ts';
import { ticksOf, toMs, toPx } from './timeScale.ts';
import type { TimeScale } from './timeScale.ts';
import type { TimelineMedia } from './useTimelineMedia.ts';

/** The rows of the timeline, in px from its top. */
export const rows = { ruler: [0, 24], images: [24, 52], wave: [76, 48], chapters: [124, 28], cues: [152, 24] } as const;
export const timelineHeightPx = 180;

export interface TimelineDrawing {
  scale: TimeScale;
  media: TimelineMedia;
  kept: readonly Span[];
  cues: readonly Cue[];
}

interface Colors {
  line: string;
  quiet: string;
  wave: string;
  cue: string;
}

/** Draws what does not change with the playhead: ruler, preview images, waveform and captions. */
export function drawTimeline(canvas: HTMLCanvasElement, drawing: TimelineDrawing): void {
  const { widthPx } = drawing.scale;
  const context = canvas.getContext('2d');
  if (!context || widthPx <= 0) return;
  const density = devicePixelRatio || 1;
  canvas.width = Math.round(widthPx * density);
  canvas.height = Math.round(timelineHeightPx * density);
  context.scale(density, density);
  const colors = colorsOf(canvas);
  drawImages(context, drawing);
  drawWave(context, drawing, colors);
  drawCues(context, drawing, colors);
  drawRuler(context, drawing, colors);
}

function drawRuler(context: CanvasRenderingContext2D, { scale }: TimelineDrawing, { line, quiet }: Colors): void {
  const { stepMs, ticks } = ticksOf(scale);
  context.font = '500 12px "Inter Variable", system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (const ms of ticks) {
    const x = Math.round(toPx(scale, ms)) + 0.5;
    context.strokeStyle = line;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, timelineHeightPx);
    context.stroke();
    context.fillStyle = quiet;
    const tenths = stepMs < 1000 ? `.${Math.floor((ms % 1000) / 100)}` : '';
    context.fillText(`${formatClock(ms)}${tenths}`, x + 4, rows.ruler[1] / 2);
  }
}

function drawImages(context: CanvasRenderingContext2D, { scale, media, kept }: TimelineDrawing): void {
  const [top, height] = rows.images;
  const first = media.cells[0];
  if (!first) return;
  const width = (height * first.width) / Math.max(1, first.height);
  // Images stay at their moments while the timeline is scrolled.
  const stepMs = width * scale.msPerPx;
  for (let ms = Math.floor(scale.startMs / stepMs) * stepMs; ms < toMs(scale, scale.widthPx); ms += stepMs) {
    const middle = Math.min(scale.durationMs, ms + stepMs / 2);
    if (!isKept(kept, middle)) continue;
    const editedMs = nearestEditedMs(kept, middle);
    const cell = media.cells.findLast(({ startMs }) => startMs <= editedMs) ?? first;
    const image = media.images.get(cell.url);
    if (image) context.drawImage(image, cell.x, cell.y, cell.width, cell.height, toPx(scale, ms), top, width, height);
  }
}

function drawWave(context: CanvasRenderingContext2D, { scale, media, kept }: TimelineDrawing, { wave }: Colors): void {
  if (media.peaks.length === 0) return;
  const [top, height] = rows.wave;
  const middle = top + height / 2;
  context.fillStyle = wave;
  for (let x = 0; x < scale.widthPx; x += 2) {
    const ms = toMs(scale, x);
    if (!isKept(kept, ms)) continue;
    const at = indexOf(media, nearestEditedMs(kept, ms));
    const to = Math.max(at + 1, indexOf(media, nearestEditedMs(kept, toMs(scale, x + 2))));
    let peak = 0;
    for (let index = at; index < to; index += 1) peak = Math.max(peak, media.peaks[index] ?? 0);
    const half = Math.max(0.5, (peak / 255) * (height / 2 - 3));
    context.fillRect(x, middle - half, 1.25, 2 * half);
  }
}

function drawCues(context: CanvasRenderingContext2D, { scale, cues }: TimelineDrawing, { cue: color, quiet }: Colors): void {
  const [top, height] = rows.cues;
  const [fromMs, untilMs] = [scale.startMs, toMs(scale, scale.widthPx)];
  context.font = '12px "Inter Variable", system-ui, sans-serif';
  for (const { startMs, endMs, text } of cues) {
    if (endMs < fromMs || startMs > untilMs) continue;
    const x = toPx(scale, startMs);
    const width = Math.max(1, (endMs - startMs) / scale.msPerPx - 1);
    context.fillStyle = color;
    context.beginPath();
    context.roundRect(x, top + 2, width, height - 4, Math.min(3, width / 2));
    context.fill();
    if (width < 36) continue;
    context.save();
    context.clip();
    context.fillStyle = quiet;
    context.fillText(text.replaceAll(/<[^>]*>/g, '').replaceAll('\n', ' '), x + 5, top + height / 2);
    context.restore();
  }
}

function indexOf({ peaks, peaksMs }: TimelineMedia, ms: number): number {
  return Math.floor((ms / peaksMs) * peaks.length);
}

function isKept(kept: readonly Span[], ms: number): boolean {
  return kept.some(({ startMs, endMs }) => ms >= startMs && ms <= endMs);
}

/** The colours of the theme, as the browser computes them. */
function colorsOf(canvas: HTMLCanvasElement): Colors {
  const colorOf = (token: string) => {
    canvas.style.color = `var(${token})`;
    return getComputedStyle(canvas).color;
  };
  return { line: colorOf('--color-line'), quiet: colorOf('--color-text-quiet'), wave: colorOf('--color-accent'), cue: colorOf('--color-accent-tint') };
}

import { toEditedSpan } from '../contract/index.ts';
import type { Span } from '../contract/index.ts';
import { storyboardLagMs } from './limits.ts';

/** One image of a storyboard: when it is shown, and where it is in a sprite, in pixels. */
export interface StoryboardCue extends Span {
  file: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const cue = /(\d+):(\d{2}):(\d{2})\.(\d{3}) --> (\d+):(\d{2}):(\d{2})\.(\d{3})\n(storyboard-\d+\.jpg)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

export function parseStoryboard(text: string): StoryboardCue[] {
  return [...text.matchAll(cue)].map((match) => {
    const at = (first: number) => ((Number(match[first]) * 60 + Number(match[first + 1])) * 60 + Number(match[first + 2])) * 1000 + Number(match[first + 3]);
    const [x = 0, y = 0, width = 0, height = 0] = match.slice(10, 14).map(Number);
    return { startMs: at(1), endMs: at(5), file: match[9] ?? '', x, y, width, height };
  });
}

/** Whether the image can be shown: neither its time nor the keyframe before it is cut. */
export function isWholeTileKept(kept: readonly Span[], { startMs, endMs }: Span): boolean {
  return kept.some((span) => (span.startMs <= Math.max(0, startMs - storyboardLagMs) || span.startMs === 0) && span.startMs <= startMs && endMs <= span.endMs + 1);
}

/** The WebVTT file of a storyboard in edited time, with the images that can be shown. */
export function cutStoryboard(text: string, kept: readonly Span[]): string {
  const shown = parseStoryboard(text).flatMap((one) => {
    const span = isWholeTileKept(kept, one) ? toEditedSpan(kept, one) : null;
    return span ? [`${vttTime(span.startMs)} --> ${vttTime(span.endMs)}\n${one.file}#xywh=${one.x},${one.y},${one.width},${one.height}\n`] : [];
  });
  return `WEBVTT\n\n${shown.join('\n')}`;
}

function vttTime(ms: number): string {
  const whole = Math.round(ms);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(whole / 3_600_000)}:${two((whole / 60_000) % 60)}:${two((whole / 1000) % 60)}.${String(whole % 1000).padStart(3, '0')}`;
}

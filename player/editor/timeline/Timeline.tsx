import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CutView } from '#api/contract';
import type { Chapter, Cue, Span } from '#recorder/contract';
import { theme } from '../../app/theme.ts';
import { formatClock } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import { drawTimeline, timelineHeightPx } from './drawTimeline.ts';
import { resized, scrolledBy, toMs, toPx, zoomedAt } from './timeScale.ts';
import type { TimeScale } from './timeScale.ts';
import type { TimelineMedia } from './useTimelineMedia.ts';

export interface TimelineProps {
  scale: TimeScale;
  onScale: (change: (scale: TimeScale) => TimeScale) => void;
  media: TimelineMedia;
  kept: readonly Span[];
  cuts: readonly CutView[];
  chapters: readonly Chapter[];
  cues: readonly Cue[];
  marks: { inMs: number | undefined; outMs: number | undefined };
  positionMs: number;
  onSeek: (ms: number) => void;
}

/** The whole video from left to right. A click or a drag moves the playhead, Ctrl and the wheel zoom, the wheel scrolls. */
export function Timeline(props: TimelineProps) {
  const { scale, onScale, positionMs, onSeek } = props;
  const box = useRef<HTMLDivElement>(null);
  useWidth(box, onScale);
  useWheel(box, onScale);
  const isDragging = useRef(false);
  const seek = (event: PointerEvent) => onSeek(toMs(scale, event.clientX - (box.current?.getBoundingClientRect().left ?? 0)));
  return (
    <div
      ref={box}
      class="timeline"
      style={{ height: `${timelineHeightPx}px` }}
      role="slider"
      tabIndex={0}
      aria-label={text.editor.timeline}
      aria-valuemin={0}
      aria-valuemax={Math.round(scale.durationMs / 1000)}
      aria-valuenow={Math.round(positionMs / 1000)}
      aria-valuetext={text.editor.position(formatClock(positionMs), formatClock(scale.durationMs))}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        isDragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={(event) => isDragging.current && seek(event)}
      onPointerUp={() => (isDragging.current = false)}
      onPointerCancel={() => (isDragging.current = false)}
    >
      <Drawing {...props} />
      <Marks {...props} />
      <div class="timeline__playhead" style={{ transform: `translateX(${toPx(scale, positionMs)}px)` }} />
    </div>
  );
}

function Drawing({ scale, media, kept, cues }: TimelineProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [systemChange, setSystemChange] = useState(0);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const onChange = () => setSystemChange((count) => count + 1);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  useLayoutEffect(() => {
    if (canvas.current) drawTimeline(canvas.current, { scale, media, kept, cues });
  }, [scale, media, kept, cues, systemChange, theme.value]);
  return <canvas ref={canvas} class="timeline__canvas" style={{ height: `${timelineHeightPx}px` }} aria-hidden="true" />;
}

/** Cuts, chapters and the selection. The lists beside the player have the same for keyboards and screen readers. */
function Marks({ scale, cuts, chapters, marks: { inMs, outMs } }: TimelineProps) {
  const isShown = ({ startMs, endMs }: Span) => endMs >= scale.startMs && startMs <= toMs(scale, scale.widthPx);
  const place = ({ startMs, endMs }: Span) => ({ left: `${toPx(scale, startMs)}px`, width: `${Math.max(1, (endMs - startMs) / scale.msPerPx)}px` });
  const from = Math.min(inMs ?? Infinity, outMs ?? Infinity);
  const to = Math.max(inMs ?? -Infinity, outMs ?? -Infinity);
  return (
    <div class="timeline__marks" aria-hidden="true">
      {cuts.filter(isShown).map((cut) => <div key={cut.id} class="timeline__cut" style={place(cut)} />)}
      {Number.isFinite(from) ? <div class="timeline__selection" style={place({ startMs: from, endMs: to })} /> : null}
      {chapters.map((chapter, index) => {
        const span = { startMs: chapter.startMs, endMs: chapters[index + 1]?.startMs ?? scale.durationMs };
        if (!isShown(span)) return null;
        return <div key={chapter.startMs} class="timeline__chapter" dir="auto" style={place(span)}>{chapter.title}</div>;
      })}
    </div>
  );
}

function useWidth(box: RefObject<HTMLElement>, onScale: TimelineProps['onScale']): void {
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => onScale((scale) => resized(scale, element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
}

/** One turn of the wheel is 100 px, and doubles or halves what is shown after three. */
const zoomPerPx = 1.0024;

function useWheel(box: RefObject<HTMLElement>, onScale: TimelineProps['onScale']): void {
  useEffect(() => {
    const element = box.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const x = event.clientX - (element?.getBoundingClientRect().left ?? 0);
      if (event.ctrlKey || event.metaKey) onScale((scale) => zoomedAt(scale, zoomPerPx ** event.deltaY, toMs(scale, x)));
      else onScale((scale) => scrolledBy(scale, event.deltaX || event.deltaY));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, []);
}

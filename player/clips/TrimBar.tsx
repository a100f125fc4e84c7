import { useRef, useState } from 'preact/hooks';
import { useLoaded } from '../app/useLoaded.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';
import { moved, windowOf } from './clipRange.ts';
import type { ClipRange } from './clipRange.ts';
import { imageAt, parseStoryboard } from './storyboard.ts';
import type { StoryboardImage } from './storyboard.ts';
import './clips.css';

interface TrimBarProps {
  range: ClipRange;
  durationSeconds: number;
  storyboardUrl: string | null;
  onRange: (range: ClipRange) => void;
}

const imageCount = 8;

/** Part of the video as a row of images, with a handle at each end of the clip. The shown part follows when a handle is let go. */
export function TrimBar({ range, durationSeconds, storyboardUrl, onRange }: TrimBarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(() => windowOf(range, durationSeconds));
  const lengthSeconds = shown.endSeconds - shown.startSeconds;
  const { data: images = [] } = useLoaded((signal) => loadStoryboard(storyboardUrl, signal), [storyboardUrl]);
  const shareOf = (seconds: number) => `${(100 * (seconds - shown.startSeconds)) / lengthSeconds}%`;
  const move = (end: keyof ClipRange, toSeconds: number) => {
    const next = moved(range, end, { toSeconds, durationSeconds });
    onRange(next);
    return next;
  };
  const secondsAt = (clientX: number) => {
    const { left = 0, width = 1 } = bar.current?.getBoundingClientRect() ?? {};
    return shown.startSeconds + ((clientX - left) / width) * lengthSeconds;
  };
  return (
    <div class="trim" role="group" aria-label={text.clips.range}>
      <div class="trim__bar" ref={bar}>
        <div class="trim__images" aria-hidden="true">
          {Array.from({ length: imageCount }, (_, index) => (
            <Image key={index} image={imageAt(images, shown.startSeconds + ((index + 0.5) / imageCount) * lengthSeconds)} />
          ))}
        </div>
        <div class="trim__part" style={{ insetInlineStart: shareOf(range.startSeconds), width: `${(100 * (range.endSeconds - range.startSeconds)) / lengthSeconds}%` }} />
        {(['startSeconds', 'endSeconds'] as const).map((end) => (
          <Handle key={end} end={end} range={range} durationSeconds={durationSeconds} left={shareOf(range[end])} secondsAt={secondsAt} onMove={(to) => void move(end, to)} onStep={(to) => setShown(windowOf(move(end, to), durationSeconds))} onDone={() => setShown(windowOf(range, durationSeconds))} />
        ))}
      </div>
      <p class="trim__times small quiet tabular">
        <span>{formatClock(range.startSeconds * 1000)}</span>
        <strong>{text.clips.length(formatClock((range.endSeconds - range.startSeconds) * 1000))}</strong>
        <span>{formatClock(range.endSeconds * 1000)}</span>
      </p>
    </div>
  );
}

interface HandleProps {
  end: keyof ClipRange;
  range: ClipRange;
  durationSeconds: number;
  left: string;
  secondsAt: (clientX: number) => number;
  onMove: (toSeconds: number) => void;
  onStep: (toSeconds: number) => void;
  onDone: () => void;
}

/** Keys as sliders have them (ARIA Authoring Practices). */
function Handle({ end, range, durationSeconds, left, secondsAt, onMove, onStep, onDone }: HandleProps) {
  const now = range[end];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: now - step, ArrowDown: now - step, ArrowRight: now + step, ArrowUp: now + step, PageDown: now - 10, PageUp: now + 10, Home: 0, End: durationSeconds }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onStep(to);
  };
  return (
    <button
      type="button"
      class="trim__handle"
      role="slider"
      aria-label={end === 'startSeconds' ? text.clips.start : text.clips.end}
      aria-valuemin={0}
      aria-valuemax={Math.round(durationSeconds)}
      aria-valuenow={Math.round(now)}
      aria-valuetext={formatClock(now * 1000)}
      style={{ insetInlineStart: left }}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) onMove(secondsAt(event.clientX));
      }}
      onLostPointerCapture={onDone}
    />
  );
}

function Image({ image }: { image: StoryboardImage | undefined }) {
  if (!image) return <span class="trim__image" />;
  return (
    <span class="trim__image">
      <span style={{ width: `${image.width}px`, height: `${image.height}px`, background: `url("${image.url}") -${image.x}px -${image.y}px` }} />
    </span>
  );
}

/** Without images, the handles can be moved as well. */
async function loadStoryboard(url: string | null, signal: AbortSignal): Promise<StoryboardImage[]> {
  if (url === null) return [];
  const response = await fetch(url, { signal });
  return response.ok ? parseStoryboard(await response.text(), new URL(url, location.origin).href) : [];
}

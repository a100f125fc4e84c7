import { useId } from 'preact/hooks';
import { formatClock } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import type { ReplayPlayer } from '../playback/ReplayPlayer.ts';
import { chapterIndexAt } from './chapterAt.ts';
import type { ViewedChapter } from './chapterAt.ts';
import './chapters.css';

/** The chapters of the video below it: a click plays from there, the current one is marked. */
export function ChapterList({ chapters, player }: { chapters: readonly ViewedChapter[]; player: ReplayPlayer | undefined }) {
  const id = useId();
  if (chapters.length === 0) return null;
  const current = chapterIndexAt(chapters, player?.positionSeconds.value ?? 0);
  return (
    <section class="chapters" aria-labelledby={id}>
      <h2 id={id} class="chapters__title">{text.watch.chapters}</h2>
      <ol class="chapters__list">
        {chapters.map(({ startSeconds, title }, index) => (
          <li key={startSeconds}>
            <button type="button" class="chapters__item" aria-current={index === current ? 'true' : undefined} onClick={() => player?.seekTo(startSeconds)}>
              <span class="chapters__time tabular">{formatClock(startSeconds * 1000)}</span>
              <span class="chapters__name" dir="auto">{title}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The name of the current chapter, beside the time in the control bar. */
export function CurrentChapter({ chapters, player }: { chapters: readonly ViewedChapter[]; player: ReplayPlayer | undefined }) {
  const chapter = chapters[chapterIndexAt(chapters, player?.positionSeconds.value ?? 0)];
  if (!chapter) return null;
  return (
    <span class="replay-stage__chapter" dir="auto" title={text.watch.chapterNow(chapter.title)}>
      {chapter.title}
    </span>
  );
}

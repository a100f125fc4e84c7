import { Film } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { formatClock } from '../text/format.ts';
import '../courses/courses.css';
import type { LibraryVideo } from './libraryApi.ts';
import './library.css';

/** The image of a video with its length, and how much of it was watched. Hidden from screen readers: the text beside it says the same. */
export function VideoPoster({ video }: { video: LibraryVideo }) {
  const { posterUrl, durationSeconds, state } = video;
  const [failedUrl, setFailed] = useState<string>();
  return (
    <span class="video-poster" aria-hidden="true">
      <Film size={28} />
      {posterUrl !== null && posterUrl !== failedUrl ? <img key={posterUrl} src={posterUrl} alt="" loading="lazy" decoding="async" onError={() => setFailed(posterUrl)} /> : null}
      {durationSeconds > 0 && state !== 'live' ? <span class="video-poster__length tabular">{formatClock(durationSeconds * 1000)}</span> : null}
      <WatchedBar video={video} />
    </span>
  );
}

function WatchedBar({ video }: { video: LibraryVideo }) {
  const share = watchedShare(video);
  if (share === undefined || share === 0) return null;
  return (
    <span class="watched__bar">
      <span style={{ width: `${share * 100}%` }} />
    </span>
  );
}

/** How much of a video this person has watched; undefined if it is not known. */
export function watchedShare({ progress, durationSeconds }: LibraryVideo): number | undefined {
  if (!progress || durationSeconds === 0) return undefined;
  return progress.isFinished ? 1 : Math.min(1, progress.positionSeconds / durationSeconds);
}


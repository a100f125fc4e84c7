import { absolute, paths } from '../app/paths.ts';
import { showToast } from '../design/index.ts';
import { formatClock } from '../text/format.ts';
import { text } from '../text/index.ts';

/** The page of a video at a moment. */
export function momentPath(videoId: string, seconds: number): string {
  return `${paths.watch(videoId)}?t=${Math.floor(seconds)}`;
}

/** Copies a link that opens the video at this moment. */
export async function copyMoment(videoId: string, seconds: number): Promise<void> {
  try {
    await navigator.clipboard.writeText(absolute(momentPath(videoId, seconds)));
    showToast({ text: text.clips.momentCopied(formatClock(Math.floor(seconds) * 1000)) });
  } catch {
    showToast({ text: text.clips.copyFailed, tone: 'danger' });
  }
}

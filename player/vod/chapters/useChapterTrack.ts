import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { text } from '../../text/index.ts';
import type { ReplayPlayer } from '../playback/ReplayPlayer.ts';
import type { ViewedChapter } from './chapterAt.ts';

/**
 * Gives the video a text track with its chapters, which media-chrome shows on the seek bar. The cues are added when the length of the
 * video is known, which is after hls.js has cleared all tracks for a new playlist.
 */
export function useChapterTrack(media: RefObject<HTMLVideoElement>, player: ReplayPlayer | undefined, chapters: readonly ViewedChapter[]): void {
  const durationSeconds = player?.durationSeconds.value ?? 0;
  useEffect(() => {
    const element = media.current;
    if (element && chapters.length > 0 && durationSeconds > 0) fillTrack(element, chapters, durationSeconds);
  }, [media.current, chapters, durationSeconds]);
}

function fillTrack(media: HTMLVideoElement, chapters: readonly ViewedChapter[], durationSeconds: number): void {
  const track = [...media.textTracks].find(({ kind }) => kind === 'chapters') ?? media.addTextTrack('chapters', text.watch.chapters, text.locale);
  track.mode = 'hidden';
  for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
  for (const [index, { startSeconds, title }] of withStart(chapters).entries()) {
    const endSeconds = chapters[index + (isFromStart(chapters) ? 1 : 0)]?.startSeconds ?? durationSeconds;
    if (startSeconds < endSeconds) track.addCue(new VTTCue(startSeconds, endSeconds, escaped(title)));
  }
  // media-chrome reads the cues at each change of a mode.
  track.mode = 'disabled';
  track.mode = 'hidden';
}

/** Without a cue from 0 on, the seek bar would begin with a gap. */
function withStart(chapters: readonly ViewedChapter[]): readonly ViewedChapter[] {
  return isFromStart(chapters) ? chapters : [{ startSeconds: 0, title: '' }, ...chapters];
}

function isFromStart(chapters: readonly ViewedChapter[]): boolean {
  return (chapters[0]?.startSeconds ?? 0) <= 0;
}

/** The text of a cue is markup. */
function escaped(title: string): string {
  return title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

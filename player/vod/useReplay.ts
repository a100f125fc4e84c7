import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PlaybackView } from '#api/contract';
import { background } from '../app/background.ts';
import { serverClock } from '../app/ServerClock.ts';
import { api } from '../app/services.ts';
import { ChatLog } from './chat/ChatLog.ts';
import type { ChosenTracks } from './playback/chooseTracks.ts';
import { shownMs } from './playback/keptSpans.ts';
import { MediaUrls } from './playback/MediaUrls.ts';
import { openReplay } from './playback/openReplay.ts';
import type { ReplayPlayer } from './playback/ReplayPlayer.ts';
import { ProgressSync } from './progress/ProgressSync.ts';

export interface ReplaySetup {
  playback: PlaybackView;
  tracks: ChosenTracks;
  startSeconds: number;
  main: RefObject<HTMLVideoElement>;
  second: RefObject<HTMLVideoElement>;
  /** For editing: it does not play by itself, and leaves the person's progress alone. */
  isEditing?: boolean;
  /** Something was cut of the video, or that was undone. */
  onEdited?: (next: PlaybackView) => void;
}

/** The player once hls.js is loaded, or the failure to open it. */
export function useReplay(setup: ReplaySetup): { player: ReplayPlayer | undefined; failure: unknown } {
  const [player, setPlayer] = useState<ReplayPlayer>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    const closing = new AbortController();
    const closers: (() => void)[] = [];
    closing.signal.addEventListener('abort', () => closers.forEach((close) => close()));
    const opened = open(setup, closing.signal, closers).then(setPlayer, (error: unknown) => setFailure(error));
    background(opened);
    return () => closing.abort();
  }, []);
  return { player, failure };
}

async function open(setup: ReplaySetup, aborted: AbortSignal, closers: (() => void)[]): Promise<ReplayPlayer | undefined> {
  const { playback, tracks, startSeconds, main, second } = setup;
  if (!main.current) return undefined;
  const params = { videoId: playback.video.id };
  const urls = new MediaUrls({ playback, load: () => api.getPlayback({ params }), origin: location.origin, nowMs: () => serverClock.nowMs() });
  closers.push(
    () => urls.close(),
    urls.playback.subscribe((next) => {
      if (JSON.stringify(next.kept) !== JSON.stringify(playback.kept)) setup.onEdited?.(next);
    }),
  );
  const player = await openReplay({ main: main.current, second: second.current ?? undefined, tracks, urls, startSeconds }, aborted);
  if (!player) return undefined;
  closers.unshift(() => player.close());
  if (setup.isEditing) return player;
  const isLive: ReadonlySignal<boolean> = liveSignal(player, playback);
  const progress = new ProgressSync({ ...progressOf(player), isLive, save: (mark) => api.saveProgress({ params, body: mark }, { keepalive: true }) });
  closers.unshift(() => progress.close());
  background(player.play());
  return player;
}

function liveSignal(player: ReplayPlayer, playback: PlaybackView): ReadonlySignal<boolean> {
  const isLive = signal(playback.isLive);
  player.isGrowing.subscribe((isGrowing) => {
    if (isGrowing !== undefined) isLive.value = isGrowing;
  });
  return isLive;
}

function progressOf({ positionSeconds, durationSeconds, isPaused, hasStarted, rate }: ReplayPlayer) {
  return { positionSeconds, durationSeconds, isPaused, hasStarted, rate };
}

/** The chat of the lecture, with new messages while it is live. */
export function useChatLog({ video, kept, chatOffsetSeconds }: PlaybackView, isLive: boolean): ChatLog | undefined {
  const [log, setLog] = useState<ChatLog>();
  const { lectureId } = video;
  useEffect(() => {
    if (lectureId === null) return;
    const opened = new ChatLog({
      loadPage: async (after, aborted) => {
        const page = await api.getLectureChat({ params: { lectureId }, query: { after } }, { signal: aborted });
        const offsetMs = chatOffsetSeconds * 1000;
        const messages = page.messages.flatMap((message) => {
          const atMs = shownMs(kept, message.atMs - offsetMs);
          return atMs === null ? [] : [{ ...message, atMs: atMs + offsetMs }];
        });
        return { ...page, messages };
      },
    });
    setLog(opened);
    return () => opened.close();
  }, [lectureId]);
  useEffect(() => log?.follow(isLive), [log, isLive]);
  return log;
}

import type { SharedStream } from '#api/contract';
import { HlsTrackPlayer } from './HlsTrackPlayer.ts';
import { MediaUrls } from './MediaUrls.ts';

export interface SharedTrackOptions {
  media: HTMLVideoElement;
  stream: SharedStream;
  load: () => Promise<SharedStream>;
  signal: AbortSignal;
  /** The link was revoked, or it has expired. */
  onGone: () => void;
}

/** Plays the first track of a shared video, until the signal is aborted. */
export async function openSharedTrack({ media, stream, load, signal, onGone }: SharedTrackOptions): Promise<void> {
  const module = await import('hls.js');
  const track = stream.tracks[0];
  if (signal.aborted || !track) return;
  if (!module.default.isSupported()) {
    media.src = track.masterUrl;
    return;
  }
  const urls = new MediaUrls({ playback: stream, load, origin: location.origin, nowMs: () => Date.now() });
  const player = new HlsTrackPlayer(module, { media, source: track.source, urls, startSeconds: 0, isSecondary: false });
  const stop = urls.isDenied.subscribe((isDenied) => {
    if (isDenied) onGone();
  });
  signal.addEventListener('abort', () => {
    stop();
    player.close();
    urls.close();
  });
}

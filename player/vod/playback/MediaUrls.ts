import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import type { PlaybackView } from '#api/contract';
import { ApiError } from '#api/contract';
import { background } from '../../app/background.ts';

type Source = PlaybackView['tracks'][number]['source'];

/** What the URLs of a video are read from. */
export type SignedTracks = Pick<PlaybackView, 'tracks' | 'expiresAt'>;

export interface MediaUrlsOptions<View extends SignedTracks> {
  playback: View;
  load: () => Promise<View>;
  /** The origin of the page. Playlist URLs are relative to it. */
  origin: string;
  /** The server's clock, which says when URLs expire. */
  nowMs: () => number;
}

/** URLs are renewed this long before they expire, or when half of a shorter lifetime is over. */
const renewAheadMs = 60_000;
const minDelayMs = 5_000;
/** The longest possible timer (WHATWG HTML: a signed 32-bit number of milliseconds). */
const maxDelayMs = 2 ** 31 - 1;
const deniedStatuses = new Set([401, 403, 404, 410]);

/**
 * In charge of the signed URLs of one video. Renews them before they expire, and when asked because one was refused. Translates URLs with
 * an earlier signature into current ones, so that nothing is loaded twice. Owns the timer.
 */
export class MediaUrls<View extends SignedTracks = PlaybackView> {
  /** The server refuses access to the video. */
  readonly isDenied = signal(false);
  readonly playback: Signal<View>;
  private readonly load: () => Promise<View>;
  private readonly origin: string;
  private readonly nowMs: () => number;
  private readonly replaced = new Map<string, Source>();
  private renewing: Promise<boolean> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ playback, load, origin, nowMs }: MediaUrlsOptions<View>) {
    this.load = load;
    this.origin = origin;
    this.nowMs = nowMs;
    this.playback = signal(playback);
    this.schedule();
  }

  multivariantUrl(source: Source): string | undefined {
    const track = this.playback.value.tracks.find((candidate) => candidate.source === source);
    return track && new URL(track.masterUrl, this.origin).href;
  }

  /** The URL with the current signature. Waits for a renewal in progress. */
  async current(url: string): Promise<string> {
    await this.renewing;
    const absolute = new URL(url, this.origin).href;
    for (const [folder, source] of this.replaced) {
      const current = this.multivariantUrl(source);
      if (current && absolute.startsWith(folder)) return folderOf(current) + absolute.slice(folder.length);
    }
    return absolute;
  }

  /** Resolves to true if there are new URLs. Concurrent calls share one request. */
  renew(): Promise<boolean> {
    this.renewing ??= this.fetchPlayback().finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private async fetchPlayback(): Promise<boolean> {
    try {
      const next = await this.load();
      this.accept(next);
      return true;
    } catch (error) {
      if (error instanceof ApiError && deniedStatuses.has(error.status)) this.isDenied.value = true;
      return false;
    } finally {
      this.schedule();
    }
  }

  private accept(next: View): void {
    const before = this.playback.value.tracks.map(({ source }) => ({ source, folder: folderOf(this.multivariantUrl(source) ?? '') }));
    this.playback.value = next;
    for (const { source, folder } of before) {
      if (folder !== '') this.replaced.set(folder, source);
    }
    for (const { source } of next.tracks) this.replaced.delete(folderOf(this.multivariantUrl(source) ?? ''));
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.isDenied.value) return;
    const leftMs = new Date(this.playback.value.expiresAt).getTime() - this.nowMs();
    const delayMs = Math.min(maxDelayMs, Math.max(minDelayMs, leftMs - Math.min(renewAheadMs, leftMs / 2)));
    this.timer = setTimeout(() => background(this.renew()), delayMs);
  }
}

/** The signed part of a URL, which all files of the video share: its playlists may be in folders below it. */
function folderOf(url: string): string {
  return /^.*\/media\/[^/]+\//.exec(url)?.[0] ?? url.slice(0, url.lastIndexOf('/') + 1);
}

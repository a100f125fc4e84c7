import { effect, signal } from '@preact/signals';
import { background } from '../../app/background.ts';
import { backoffMs } from './hlsFailure.ts';
import type { PlaybackProblem } from './PlaybackProblem.ts';
import type { TrackPlayer, TrackPlayerOptions } from './TrackPlayer.ts';

/** An unsupported format fails every time; an expired URL works after a renewal. */
const triesBeforeCodec = 3;

/**
 * Plays one track in a browser that supports HLS natively but has no MediaSource (Safari on older iPhones). When the
 * signed URL expires, it loads a new one and continues at the same position. Owns the retry timer.
 */
export class NativeTrackPlayer implements TrackPlayer {
  readonly problem = signal<PlaybackProblem>();
  readonly isGrowing = signal<boolean>();
  readonly heightsPx = signal<readonly number[]>([]);
  readonly playingHeightPx = signal<number>();
  private readonly options: TrackPlayerOptions;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly stopWatching: () => void;

  constructor(options: TrackPlayerOptions) {
    this.options = options;
    const { media } = options;
    media.addEventListener('error', this.onError);
    media.addEventListener('playing', this.onPlaying);
    media.addEventListener('durationchange', this.onDuration);
    this.load(options.startSeconds);
    this.stopWatching = effect(() => {
      if (options.urls.isDenied.value) this.giveUp('gone');
    });
  }

  chooseHeight(): void {
    // The browser chooses the quality itself.
  }

  hasMediaAt(): boolean {
    return true;
  }

  retry(): void {
    this.problem.value = undefined;
    this.failures = 0;
    background(this.renewAndLoad());
  }

  close(): void {
    const { media } = this.options;
    clearTimeout(this.timer);
    this.stopWatching();
    media.removeEventListener('error', this.onError);
    media.removeEventListener('playing', this.onPlaying);
    media.removeEventListener('durationchange', this.onDuration);
    media.removeAttribute('src');
    media.load();
  }

  private readonly onPlaying = () => {
    this.failures = 0;
    this.problem.value = undefined;
  };

  private readonly onDuration = () => {
    this.isGrowing.value = this.options.media.duration === Infinity;
  };

  private readonly onError = () => {
    this.failures += 1;
    const code = this.options.media.error?.code;
    const isFormat = code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED || code === MediaError.MEDIA_ERR_DECODE;
    if (isFormat && this.failures > triesBeforeCodec) {
      this.giveUp(code === MediaError.MEDIA_ERR_DECODE ? 'decode' : 'codec');
      return;
    }
    this.problem.value = 'network';
    clearTimeout(this.timer);
    this.timer = setTimeout(() => background(this.renewAndLoad()), backoffMs(this.failures));
  };

  private async renewAndLoad(): Promise<void> {
    await this.options.urls.renew();
    if (!this.options.urls.isDenied.value) this.load(this.options.media.currentTime || this.options.startSeconds);
  }

  private load(atSeconds: number): void {
    const { media, urls, source } = this.options;
    const url = urls.multivariantUrl(source);
    if (!url) return;
    const isPlaying = !media.paused;
    media.src = url;
    media.addEventListener('loadedmetadata', () => this.resume(atSeconds, isPlaying), { once: true });
  }

  private resume(atSeconds: number, isPlaying: boolean): void {
    const { media } = this.options;
    media.currentTime = atSeconds;
    if (isPlaying) background(media.play());
  }

  private giveUp(problem: PlaybackProblem): void {
    clearTimeout(this.timer);
    this.problem.value = problem;
    this.options.media.pause();
  }
}

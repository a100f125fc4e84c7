import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { decideSync } from './decideSync.ts';
import type { SyncCommand } from './decideSync.ts';

export interface VideoFollowerOptions {
  main: HTMLVideoElement;
  second: HTMLVideoElement;
  /** The time of the second media at a time of the main one. */
  toSecondSeconds: (mainSeconds: number) => number;
  /** The speed chosen by the viewer. */
  rate: ReadonlySignal<number>;
  hasSecondVideo: (seconds: number) => boolean;
}

/** Short enough to correct a drift before it is visible. Browsers limit hidden pages to one tick a second. */
const tickMs = 100;
const mediaEvents = ['play', 'pause', 'seeking', 'seeked', 'waiting', 'playing', 'canplay', 'loadedmetadata', 'ended'] as const;

/**
 * Keeps the second video in sync with the main one, which is the clock. Sets the playback rate of the second video, and
 * holds the main one while the second one loads.
 * Owns the timer and its listeners on both.
 */
export class VideoFollower {
  /** The main video is held because the second one is loading. */
  readonly isHolding = signal(false);
  /** The second video exists at this position of the recording. */
  readonly isPresent = signal(true);
  private readonly options: VideoFollowerOptions;
  private readonly timer: ReturnType<typeof setInterval>;
  private waitingSinceMs: number | undefined;
  private hasSecondPlayed = false;

  constructor(options: VideoFollowerOptions) {
    this.options = options;
    for (const mediaEvent of mediaEvents) {
      options.main.addEventListener(mediaEvent, this.follow);
      options.second.addEventListener(mediaEvent, this.follow);
    }
    document.addEventListener('visibilitychange', this.follow);
    this.timer = setInterval(this.follow, tickMs);
  }

  close(): void {
    const { main, second } = this.options;
    clearInterval(this.timer);
    document.removeEventListener('visibilitychange', this.follow);
    for (const mediaEvent of mediaEvents) {
      main.removeEventListener(mediaEvent, this.follow);
      second.removeEventListener(mediaEvent, this.follow);
    }
    second.pause();
    if (this.isHolding.value) setRate(main, this.options.rate.value);
  }

  private readonly follow = () => {
    const { main, second, rate } = this.options;
    const targetSeconds = this.options.toSecondSeconds(main.currentTime);
    const hasSecondVideo = this.options.hasSecondVideo(targetSeconds);
    // Browsers pause muted videos of hidden pages; the audio must not wait for them.
    const isPageVisible = document.visibilityState === 'visible';
    const command = decideSync({
      main: {
        isPlaying: !main.paused && !main.ended,
        isSeeking: main.seeking,
        isReady: main.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA,
        rate: rate.value,
      },
      second: {
        seconds: second.currentTime,
        targetSeconds,
        isSeeking: second.seeking,
        isReady: isReady(second),
        rate: second.playbackRate,
        hasPlayed: this.hasSecondPlayed,
      },
      hasSecondVideo: hasSecondVideo && isPageVisible,
      heldMs: this.heldMs(isReady(second)),
    });
    this.isPresent.value = hasSecondVideo;
    this.apply(command);
  };

  private heldMs(isSecondReady: boolean): number {
    if (isSecondReady || this.options.main.paused) this.waitingSinceMs = undefined;
    else this.waitingSinceMs ??= performance.now();
    return this.waitingSinceMs === undefined ? 0 : performance.now() - this.waitingSinceMs;
  }

  private apply(command: SyncCommand): void {
    const { main, second, rate } = this.options;
    // A video that is sought before it is paused may play for some frames at the new position.
    if (!command.play && !second.paused) second.pause();
    const canSeek = second.readyState >= HTMLMediaElement.HAVE_METADATA;
    if (command.seekToSeconds !== undefined && canSeek) {
      second.currentTime = Math.max(0, command.seekToSeconds);
      this.hasSecondPlayed = false;
    }
    setRate(second, command.rate);
    if (command.holdMain !== this.isHolding.value) {
      this.isHolding.value = command.holdMain;
      setRate(main, command.holdMain ? 0 : rate.value);
    }
    if (command.play) this.hasSecondPlayed = true;
    if (command.play && second.paused && !second.ended) start(second);
  }
}

function isReady(media: HTMLVideoElement): boolean {
  return !media.seeking && (media.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA || media.ended);
}

function setRate(media: HTMLVideoElement, rate: number): void {
  if (Math.abs(media.playbackRate - rate) > 0.0005) media.playbackRate = rate;
}

/** Muted videos may always play. An interrupting pause is not a failure. */
function start(media: HTMLVideoElement): void {
  media.play().catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === 'AbortError')) reportError(error);
  });
}

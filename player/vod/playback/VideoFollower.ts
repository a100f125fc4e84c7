import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { decideSync } from './decideSync.ts';
import type { SyncOrder } from './decideSync.ts';

export interface VideoFollowerOptions {
  main: HTMLVideoElement;
  second: HTMLVideoElement;
  /** What to add to a time of the main media to get the time of the second. */
  offsetSeconds: number;
  /** The speed that the viewer chose. */
  rate: ReadonlySignal<number>;
  hasSecondPicture: (seconds: number) => boolean;
}

/** Often enough that a drift is seen before it is visible; browsers allow hidden pages once a second. */
const tickMs = 100;
const moments = ['play', 'pause', 'seeking', 'seeked', 'waiting', 'playing', 'canplay', 'loadedmetadata', 'ended'] as const;

/**
 * Keeps the second picture at the moment of the main one, whose clock counts. Sets the playback rate of the second
 * one, and stops the main one by it while it has to wait.
 * Owns the timer and its listeners on both.
 */
export class VideoFollower {
  /** The main picture stands still because the second one loads. */
  readonly isHolding = signal(false);
  /** The second picture exists at this moment of the recording. */
  readonly isPresent = signal(true);
  private readonly options: VideoFollowerOptions;
  private readonly timer: ReturnType<typeof setInterval>;
  private waitingSinceMs: number | undefined;

  constructor(options: VideoFollowerOptions) {
    this.options = options;
    for (const moment of moments) {
      options.main.addEventListener(moment, this.follow);
      options.second.addEventListener(moment, this.follow);
    }
    document.addEventListener('visibilitychange', this.follow);
    this.timer = setInterval(this.follow, tickMs);
  }

  close(): void {
    const { main, second } = this.options;
    clearInterval(this.timer);
    document.removeEventListener('visibilitychange', this.follow);
    for (const moment of moments) {
      main.removeEventListener(moment, this.follow);
      second.removeEventListener(moment, this.follow);
    }
    second.pause();
    if (this.isHolding.value) setRate(main, this.options.rate.value);
  }

  private readonly follow = () => {
    const { main, second, rate } = this.options;
    const targetSeconds = main.currentTime + this.options.offsetSeconds;
    const hasSecondPicture = this.options.hasSecondPicture(targetSeconds);
    // Browsers stop silent pictures of hidden pages; the sound must not wait for them.
    const isSeen = document.visibilityState === 'visible';
    const order = decideSync({
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
      },
      hasSecondPicture: hasSecondPicture && isSeen,
      heldMs: this.heldMs(isReady(second)),
    });
    this.isPresent.value = hasSecondPicture;
    this.obey(order);
  };

  private heldMs(isSecondReady: boolean): number {
    if (isSecondReady || this.options.main.paused) this.waitingSinceMs = undefined;
    else this.waitingSinceMs ??= performance.now();
    return this.waitingSinceMs === undefined ? 0 : performance.now() - this.waitingSinceMs;
  }

  private obey(order: SyncOrder): void {
    const { main, second, rate } = this.options;
    const canSeek = second.readyState >= HTMLMediaElement.HAVE_METADATA;
    if (order.seekToSeconds !== undefined && canSeek) second.currentTime = Math.max(0, order.seekToSeconds);
    setRate(second, order.rate);
    if (order.holdMain !== this.isHolding.value) {
      this.isHolding.value = order.holdMain;
      setRate(main, order.holdMain ? 0 : rate.value);
    }
    if (!order.play && !second.paused) second.pause();
    if (order.play && second.paused && !second.ended) start(second);
  }
}

function isReady(media: HTMLVideoElement): boolean {
  return !media.seeking && (media.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA || media.ended);
}

function setRate(media: HTMLVideoElement, rate: number): void {
  if (Math.abs(media.playbackRate - rate) > 0.0005) media.playbackRate = rate;
}

/** Silent pictures may always play; a pause that comes in between is no failure. */
function start(media: HTMLVideoElement): void {
  media.play().catch((error: unknown) => {
    if (!(error instanceof DOMException && error.name === 'AbortError')) reportError(error);
  });
}

import { computed, effect, signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { ChosenTracks } from './chooseTracks.ts';
import type { HlsModule } from './HlsTrackPlayer.ts';
import { HlsTrackPlayer, isExpectedRefusal } from './HlsTrackPlayer.ts';
import type { MediaUrls } from './MediaUrls.ts';
import { NativeTrackPlayer } from './NativeTrackPlayer.ts';
import { VideoFollower } from './VideoFollower.ts';
import type { PlaybackProblem } from './PlaybackProblem.ts';
import { hasVideoAt } from './videoSpans.ts';
import type { TrackPlayer } from './TrackPlayer.ts';

export interface ReplayPlayerOptions {
  main: HTMLVideoElement;
  second: HTMLVideoElement | undefined;
  tracks: ChosenTracks;
  urls: MediaUrls;
  startSeconds: number;
  /** undefined: the browser plays HLS natively, one video only. */
  module: HlsModule | undefined;
}

/** Shorter stalls are not shown. */
const stalledAfterMs = 500;
const mediaEvents = ['timeupdate', 'seeking', 'seeked', 'durationchange', 'play', 'pause', 'playing', 'waiting', 'canplay', 'ended', 'progress'] as const;

/**
 * Plays a recording: one or two videos in sync. Exposes its state as signals; positions are seconds of the video. Owns the
 * players of both tracks and the follower. The media elements belong to the page.
 */
export class ReplayPlayer {
  readonly positionSeconds = signal(0);
  readonly durationSeconds = signal(0);
  readonly isPaused = signal(true);
  readonly isEnded = signal(false);
  /** Playback has started on this page. */
  readonly hasStarted = signal(false);
  readonly isStalled = signal(false);
  readonly rate = signal(1);
  readonly chosenHeightPx = signal<number>();
  readonly problem: ReadonlySignal<PlaybackProblem | undefined>;
  readonly secondProblem: ReadonlySignal<PlaybackProblem | undefined>;
  readonly isSecondPresent: ReadonlySignal<boolean>;
  readonly heightsPx: ReadonlySignal<readonly number[]>;
  readonly playingHeightPx: ReadonlySignal<number | undefined>;
  readonly isGrowing: ReadonlySignal<boolean | undefined>;
  private readonly options: ReplayPlayerOptions;
  private readonly main: TrackPlayer;
  private readonly second: TrackPlayer | undefined;
  private readonly follower: VideoFollower | undefined;
  private readonly lacksData = signal(true);
  private readonly stopEffects: (() => void)[];
  private stallTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ReplayPlayerOptions) {
    this.options = options;
    const { main, second, tracks, urls, startSeconds, module } = options;
    const { startOffsetSeconds } = tracks.main;
    const mainStart = Math.max(0, startSeconds - startOffsetSeconds);
    const common = { media: main, source: tracks.main.source, urls, startSeconds: mainStart, isSecondary: false };
    this.main = module ? new HlsTrackPlayer(module, common) : new NativeTrackPlayer(common);
    if (module && second && tracks.second) {
      const secondStart = Math.max(0, tracks.toSecondSeconds(mainStart));
      const player = new HlsTrackPlayer(module, { media: second, source: tracks.second.source, urls, startSeconds: secondStart, isSecondary: true });
      this.second = player;
      this.follower = new VideoFollower({
        main,
        second,
        toSecondSeconds: tracks.toSecondSeconds,
        rate: this.rate,
        hasSecondVideo: (seconds) => player.hasMediaAt(seconds) && this.hasSecondVideoAt(seconds),
      });
    }
    this.problem = computed(() => {
      const problem = this.main.problem.value;
      return problem === 'network' && !this.lacksData.value ? undefined : problem;
    });
    this.secondProblem = computed(() => this.second?.problem.value);
    this.isSecondPresent = computed(() => this.follower?.isPresent.value ?? false);
    this.heightsPx = computed(() => [...new Set([...this.main.heightsPx.value, ...(this.second?.heightsPx.value ?? [])])].sort((a, b) => b - a));
    this.playingHeightPx = computed(() => Math.max(this.main.playingHeightPx.value ?? 0, this.second?.playingHeightPx.value ?? 0) || undefined);
    this.isGrowing = this.main.isGrowing;
    this.stopEffects = [effect(() => this.applyRate()), effect(() => this.watchStall())];
    for (const mediaEvent of mediaEvents) main.addEventListener(mediaEvent, this.updateState);
    main.addEventListener('ratechange', this.adoptRate);
    this.updateState();
  }

  /** Plays, unless the browser requires a click first. */
  async play(): Promise<void> {
    try {
      await this.options.main.play();
    } catch (error) {
      if (!isExpectedRefusal(error)) throw error;
    }
  }

  pause(): void {
    this.options.main.pause();
  }

  seekTo(positionSeconds: number): void {
    const { main, tracks } = this.options;
    const latest = Number.isFinite(main.duration) ? main.duration : Infinity;
    main.currentTime = Math.max(0, Math.min(latest, positionSeconds - tracks.main.startOffsetSeconds));
    this.updateState();
  }

  seekBy(seconds: number): void {
    this.seekTo(this.positionSeconds.value + seconds);
  }

  chooseHeight(heightPx: number | undefined): void {
    this.chosenHeightPx.value = heightPx;
    this.main.chooseHeight(heightPx);
    this.second?.chooseHeight(heightPx);
  }

  retry(): void {
    if (this.main.problem.value) this.main.retry();
    if (this.second?.problem.value) this.second.retry();
  }

  close(): void {
    for (const mediaEvent of mediaEvents) this.options.main.removeEventListener(mediaEvent, this.updateState);
    this.options.main.removeEventListener('ratechange', this.adoptRate);
    clearTimeout(this.stallTimer);
    for (const stop of this.stopEffects) stop();
    this.follower?.close();
    this.second?.close();
    this.main.close();
  }

  /** The second video was sent at that time, so it is not the black that fills gaps. */
  private hasSecondVideoAt(seconds: number): boolean {
    const { second } = this.options.tracks;
    return second !== undefined && hasVideoAt(second, seconds, this.isGrowing.value ?? false);
  }

  private readonly updateState = () => {
    const { main, tracks } = this.options;
    const offset = tracks.main.startOffsetSeconds;
    this.positionSeconds.value = main.currentTime + offset;
    this.durationSeconds.value = Number.isFinite(main.duration) ? main.duration + offset : 0;
    this.isPaused.value = main.paused;
    this.isEnded.value = main.ended;
    this.hasStarted.value ||= !main.paused && main.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    this.lacksData.value = main.readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !main.ended;
  };

  /** Browser extensions also change the speed. */
  private readonly adoptRate = () => {
    const { playbackRate } = this.options.main;
    if (playbackRate > 0) this.rate.value = playbackRate;
  };

  private applyRate(): void {
    const { main } = this.options;
    main.defaultPlaybackRate = this.rate.value;
    if (this.follower?.isHolding.value !== true) main.playbackRate = this.rate.value;
  }

  private watchStall(): void {
    const waits = !this.isPaused.value && (this.lacksData.value || this.follower?.isHolding.value === true);
    clearTimeout(this.stallTimer);
    if (waits) this.stallTimer = setTimeout(() => (this.isStalled.value = true), stalledAfterMs);
    else this.isStalled.value = false;
  }
}

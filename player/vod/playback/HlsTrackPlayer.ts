import { effect, signal } from '@preact/signals';
import type * as hlsModule from 'hls.js';
import type { default as Hls, ErrorData } from 'hls.js';
import { background } from '../../app/background.ts';
import { decideStuck } from './decideStuck.ts';
import { backoffMs, remedyFor } from './hlsFailure.ts';
import { hlsSettings } from './hlsSettings.ts';
import type { MediaSpan } from './mediaSpans.ts';
import { hasMediaAt, spansOf } from './mediaSpans.ts';
import type { PlaybackProblem } from './PlaybackProblem.ts';
import { alignedAudioController } from './alignedAudioController.ts';
import { editListLoader } from './editListLoader.ts';
import type { TrackPlayer, TrackPlayerOptions } from './TrackPlayer.ts';

export type HlsModule = typeof hlsModule;

/** A second decoder failure within this time is final: another recovery would not help. */
const recoverAgainAfterMs = 60_000;
const stuckCheckIntervalMs = 1000;

/**
 * Plays one track with hls.js. Reacts to its failures: renews the URLs, retries with a growing delay, resets the buffer
 * once, or gives up with a problem. Owns the hls.js instance and the retry timer.
 */
export class HlsTrackPlayer implements TrackPlayer {
  readonly problem = signal<PlaybackProblem>();
  readonly isGrowing = signal<boolean>();
  readonly heightsPx = signal<readonly number[]>([]);
  readonly playingHeightPx = signal<number>();
  private readonly module: HlsModule;
  private readonly options: TrackPlayerOptions;
  private hls: Hls;
  private spans: MediaSpan[] = [];
  private audioSpans: MediaSpan[] = [];
  private movedAt = { seconds: -1, ms: 0 };
  private readonly stuckTimer: ReturnType<typeof setInterval>;
  private chosenHeightPx: number | undefined;
  private failures = 0;
  private recoveredAtMs = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly stopWatching: () => void;
  private readonly onOnline = () => {
    if (this.problem.value === 'network') this.retry();
  };

  constructor(module: HlsModule, options: TrackPlayerOptions) {
    this.module = module;
    this.options = options;
    this.hls = this.start(options.startSeconds);
    this.stopWatching = effect(() => {
      if (options.urls.isDenied.value) this.giveUp('gone');
    });
    window.addEventListener('online', this.onOnline);
    this.stuckTimer = setInterval(() => this.checkStuck(), stuckCheckIntervalMs);
  }

  hasMediaAt(seconds: number): boolean {
    const problem = this.problem.value;
    if (problem !== undefined && problem !== 'network') return false;
    return this.spans.length === 0 ? problem === undefined : hasMediaAt(this.spans, seconds, this.isGrowing.value ?? true);
  }

  chooseHeight(heightPx: number | undefined): void {
    this.chosenHeightPx = heightPx;
    const best = this.hls.levels
      .map((level, index) => ({ index, isOver: heightPx !== undefined && level.height > heightPx, height: level.height }))
      .sort((a, b) => Number(a.isOver) - Number(b.isOver) || (a.isOver ? a.height - b.height : b.height - a.height))[0];
    this.hls.nextLevel = heightPx === undefined || !best ? -1 : best.index;
  }

  /** Starts again at the current position with a new hls.js instance. */
  retry(): void {
    clearTimeout(this.timer);
    const { media, urls } = this.options;
    const isPlaying = !media.paused;
    const atSeconds = media.currentTime || this.options.startSeconds;
    this.problem.value = undefined;
    this.failures = 0;
    this.recoveredAtMs = -Infinity;
    this.hls.destroy();
    this.hls = this.start(atSeconds);
    background(urls.renew());
    if (isPlaying) this.play();
  }

  close(): void {
    clearTimeout(this.timer);
    clearInterval(this.stuckTimer);
    window.removeEventListener('online', this.onOnline);
    this.stopWatching();
    this.hls.destroy();
  }

  private start(startSeconds: number): Hls {
    const { media, urls, source, isSecondary } = this.options;
    const { default: HlsPlayer } = this.module;
    const hls = new HlsPlayer({ ...hlsSettings({ urls, startSeconds, isSecondary }), audioStreamController: alignedAudioController(this.module), fLoader: editListLoader(this.module) });
    const { Events } = HlsPlayer;
    hls.on(Events.MANIFEST_PARSED, () => this.onManifest(hls));
    hls.on(Events.LEVEL_UPDATED, (_event, { details }) => {
      this.spans = spansOf(details.fragments);
      this.isGrowing.value = details.live;
    });
    hls.on(Events.AUDIO_TRACK_UPDATED, (_event, { details }) => {
      this.audioSpans = spansOf(details.fragments);
    });
    hls.on(Events.LEVEL_SWITCHED, (_event, { level }) => {
      this.playingHeightPx.value = hls.levels[level]?.height || undefined;
    });
    hls.on(Events.FRAG_BUFFERED, () => {
      this.failures = 0;
      if (this.problem.value === 'network') this.problem.value = undefined;
    });
    hls.on(Events.ERROR, (_event, data) => this.onError(data));
    const url = urls.multivariantUrl(source);
    if (url) hls.loadSource(url);
    hls.attachMedia(media);
    return hls;
  }

  private onManifest(hls: Hls): void {
    for (const track of hls.allAudioTracks) track.audioCodec = withLaterCodecs(track.audioCodec);
    const heights = new Set(hls.levels.map((level) => level.height).filter((height) => height > 0));
    this.heightsPx.value = [...heights].sort((a, b) => b - a);
    if (this.chosenHeightPx !== undefined) this.chooseHeight(this.chosenHeightPx);
  }

  private onError(data: ErrorData): void {
    const failure = { type: data.type, details: data.details, fatal: data.fatal, httpStatus: data.response?.code };
    switch (remedyFor(failure)) {
      case 'none':
        return;
      case 'renew':
        background(this.options.urls.renew().then(() => this.reloadLater()));
        return;
      case 'reopen':
        background(this.options.urls.renew().then(() => this.reopenLater()));
        return;
      case 'reload':
        this.reloadLater();
        return;
      case 'recover':
        this.recover();
        return;
      case 'giveUpCodec':
        this.giveUp('codec');
        return;
      case 'giveUpMissing':
        this.reloadLater('missing');
        return;
    }
  }

  /** A browser waits for ever where one track has a gap. */
  private checkStuck(): void {
    const { media } = this.options;
    const nowMs = performance.now();
    const { currentTime: seconds } = media;
    const hasMoved = Math.abs(seconds - this.movedAt.seconds) > 0.01;
    if (hasMoved || media.paused || media.ended || this.spans.length === 0) this.movedAt = { seconds, ms: nowMs };
    if (hasMoved && this.problem.value === 'stuck') this.problem.value = undefined;
    if (this.problem.value !== undefined) return;
    const remedy = decideStuck({ positionSeconds: seconds, forMs: nowMs - this.movedAt.ms, tracks: [this.spans, this.audioSpans] });
    if (remedy.kind === 'report') this.problem.value = 'stuck';
    if (remedy.kind !== 'skip') return;
    this.movedAt = { seconds: remedy.toSeconds, ms: nowMs };
    media.currentTime = remedy.toSeconds;
    this.hls.startLoad(remedy.toSeconds);
  }

  private recover(): void {
    const now = performance.now();
    if (now - this.recoveredAtMs < recoverAgainAfterMs) {
      this.giveUp('decode');
      return;
    }
    this.recoveredAtMs = now;
    const isPlaying = !this.options.media.paused;
    this.hls.recoverMediaError();
    if (isPlaying) this.play();
  }

  private reloadLater(problem: PlaybackProblem = 'network'): void {
    if (this.options.urls.isDenied.value) return;
    this.failures += 1;
    this.problem.value = problem;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.reload(), backoffMs(this.failures));
  }

  private reopenLater(): void {
    if (this.options.urls.isDenied.value) return;
    const failures = this.failures + 1;
    this.problem.value = 'network';
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.retry();
      this.failures = failures;
    }, backoffMs(failures));
  }

  private reload(): void {
    const { media, urls, source, startSeconds } = this.options;
    const url = urls.multivariantUrl(source);
    if (this.spans.length > 0) this.hls.startLoad(media.currentTime || startSeconds);
    else if (url) this.hls.loadSource(url);
  }

  private giveUp(problem: PlaybackProblem): void {
    clearTimeout(this.timer);
    this.problem.value = problem;
    this.hls.stopLoad();
    this.options.media.pause();
  }

  private play(): void {
    this.options.media.play().catch((error: unknown) => {
      if (!isExpectedRefusal(error)) reportError(error);
    });
  }
}

/**
 * A recording that grows may continue in the other codec: a presenter switches from OBS (AAC) to the browser (Opus). hls.js expects
 * all audio to have the codec that the variant names, unless it names several.
 */
function withLaterCodecs(codecs: string | undefined): string | undefined {
  return codecs && [...new Set([...codecs.split(','), 'mp4a.40.2', 'opus'])].join(',');
}

/** The browser requires a click first, or a pause interrupted the call of play. */
export function isExpectedRefusal(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');
}

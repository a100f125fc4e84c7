import { effect } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { maxReportedRanges } from '#api/contract';

export interface WatchedSpan {
  startSeconds: number;
  endSeconds: number;
}

export interface WatchedTrackerOptions {
  positionSeconds: ReadonlySignal<number>;
  isPaused: ReadonlySignal<boolean>;
  rate: ReadonlySignal<number>;
  nowMs: () => number;
}

/** What a step may be longer than the time that passed, for timers that are late. */
const slackSeconds = 0.5;

/** Notes which parts of a video are played, by the positions that the player reports: a jump plays nothing. Owns its effect. */
export class WatchedTracker {
  private spans: WatchedSpan[] = [];
  private last: { seconds: number; atMs: number } | undefined;
  private readonly stopEffect: () => void;

  constructor({ positionSeconds, isPaused, rate, nowMs }: WatchedTrackerOptions) {
    this.stopEffect = effect(() => {
      const seconds = positionSeconds.value;
      const atMs = nowMs();
      const before = this.last;
      if (before) this.note(before.seconds, seconds, ((atMs - before.atMs) / 1000) * rate.peek());
      this.last = isPaused.value ? undefined : { seconds, atMs };
    });
  }

  /** The spans since the last call, at most as many as one request may have. */
  take(): WatchedSpan[] {
    return this.spans.splice(0, maxReportedRanges);
  }

  /** Spans that could not be sent: they go with the next ones. */
  putBack(spans: readonly WatchedSpan[]): void {
    this.spans.unshift(...spans);
  }

  close(): void {
    this.stopEffect();
  }

  private note(fromSeconds: number, toSeconds: number, playedSeconds: number): void {
    const step = toSeconds - fromSeconds;
    if (step <= 0 || step > playedSeconds + slackSeconds) return;
    const current = this.spans.at(-1);
    if (current && Math.abs(current.endSeconds - fromSeconds) < 0.001) current.endSeconds = toSeconds;
    else this.spans.push({ startSeconds: fromSeconds, endSeconds: toSeconds });
  }
}

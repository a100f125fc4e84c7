import { effect } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { ApiError, ApiUnreachableError } from '#api/contract';
import { background } from '../../app/background.ts';
import type { Mark, SaveOccasion } from './progressPolicy.ts';
import { markToSave } from './progressPolicy.ts';
import { WatchedTracker } from './WatchedTracker.ts';
import type { WatchedSpan } from './WatchedTracker.ts';

export interface ProgressSyncOptions {
  positionSeconds: ReadonlySignal<number>;
  durationSeconds: ReadonlySignal<number>;
  isPaused: ReadonlySignal<boolean>;
  hasStarted: ReadonlySignal<boolean>;
  isLive: ReadonlySignal<boolean>;
  rate: ReadonlySignal<number>;
  save: (mark: Mark & { watched: WatchedSpan[] }) => Promise<unknown>;
}

/** Saves the viewer's position on the server, so that another device can resume there, and what was watched. Owns its listeners on the page. */
export class ProgressSync {
  private readonly options: ProgressSyncOptions;
  private saved: (Mark & { atMs: number }) | undefined;
  private readonly tracker: WatchedTracker;
  private readonly stopEffects: (() => void)[];

  constructor(options: ProgressSyncOptions) {
    this.options = options;
    this.tracker = new WatchedTracker({ ...options, nowMs: () => performance.now() });
    this.stopEffects = [
      effect(() => {
        if (!options.isPaused.value && options.positionSeconds.value > 0) this.saveIfNeeded('tick');
      }),
      effect(() => {
        if (options.isPaused.value) this.saveIfNeeded('stop');
      }),
    ];
    document.addEventListener('visibilitychange', this.onHide);
    window.addEventListener('pagehide', this.onHide);
  }

  close(): void {
    this.saveIfNeeded('stop');
    this.tracker.close();
    for (const stop of this.stopEffects) stop();
    document.removeEventListener('visibilitychange', this.onHide);
    window.removeEventListener('pagehide', this.onHide);
  }

  private readonly onHide = (event: Event) => {
    if (event.type === 'pagehide' || document.visibilityState === 'hidden') this.saveIfNeeded('stop');
  };

  private saveIfNeeded(occasion: SaveOccasion): void {
    const { positionSeconds, durationSeconds, hasStarted, isLive } = this.options;
    if (!hasStarted.peek()) return;
    const nowMs = Date.now();
    const mark = markToSave({
      occasion,
      nowMs,
      positionSeconds: positionSeconds.peek(),
      durationSeconds: durationSeconds.peek(),
      isLive: isLive.peek(),
      saved: this.saved,
    });
    if (!mark) return;
    this.saved = { ...mark, atMs: nowMs };
    background(this.send(mark));
  }

  /** A failed save is not repeated: the next one replaces the position, and takes what was watched with it. */
  private async send(mark: Mark): Promise<void> {
    const watched = this.tracker.take();
    try {
      await this.options.save({ ...mark, watched });
    } catch (error) {
      this.tracker.putBack(watched);
      if (!(error instanceof ApiUnreachableError || error instanceof ApiError)) throw error;
    }
  }
}

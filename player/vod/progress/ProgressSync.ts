import { effect } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { ApiError, ApiUnreachableError } from '#api/contract';
import { background } from '../../app/background.ts';
import type { Mark, SaveOccasion } from './progressPolicy.ts';
import { markToSave } from './progressPolicy.ts';

export interface ProgressSyncOptions {
  positionSeconds: ReadonlySignal<number>;
  durationSeconds: ReadonlySignal<number>;
  isPaused: ReadonlySignal<boolean>;
  hasStarted: ReadonlySignal<boolean>;
  isLive: ReadonlySignal<boolean>;
  save: (mark: Mark) => Promise<unknown>;
}

/** Saves the viewer's position on the server, so that another device can resume there. Owns its listeners on the page. */
export class ProgressSync {
  private readonly options: ProgressSyncOptions;
  private saved: (Mark & { atMs: number }) | undefined;
  private readonly stopEffects: (() => void)[];

  constructor(options: ProgressSyncOptions) {
    this.options = options;
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

  /** A failed save is ignored: the next one replaces it. */
  private async send(mark: Mark): Promise<void> {
    try {
      await this.options.save(mark);
    } catch (error) {
      if (!(error instanceof ApiUnreachableError || error instanceof ApiError)) throw error;
    }
  }
}

import type { MediaTrack, Unsubscribe } from '#engine';
import type { Clock } from '#engine/kernel';
import { feedLingerMs } from '../limits.ts';

export type DemandedTrack = Pick<MediaTrack, 'demand' | 'onDemandChanged'>;

export interface FeedDemandOptions {
  clock: Clock;
  /** The feed is needed now, or no longer. */
  onNeeded: (isNeeded: boolean) => void;
  /** The first of its viewers receives media from now on. */
  onFirstViewer: () => void;
}

/**
 * Decides when the WebRTC feed of one track is made: while somebody is subscribed to it, and for `feedLingerMs` after that and
 * after it connects, so that the first viewers do not wait.
 */
export class FeedDemand {
  readonly #options: FeedDemandOptions;
  #unfollow: Unsubscribe = () => undefined;
  #cancelLinger: () => void = () => undefined;
  #isNeeded = true;
  #hasViewers = false;

  constructor(options: FeedDemandOptions) {
    this.#options = options;
    this.#linger();
  }

  get isNeeded(): boolean {
    return this.#isNeeded;
  }

  /** The feed goes to this track from now on. */
  follow(track: DemandedTrack | undefined): void {
    this.#unfollow();
    this.#hasViewers = false;
    this.#linger();
    this.#setNeeded(true);
    if (!track) return;
    this.#unfollow = track.onDemandChanged(() => this.#apply(track));
    this.#apply(track);
  }

  close(): void {
    this.#unfollow();
    this.#cancelLinger();
  }

  #apply({ demand: { subscriptions, active } }: DemandedTrack): void {
    this.#cancelLinger();
    if (subscriptions > 0) this.#setNeeded(true);
    else this.#linger();
    const hadViewers = this.#hasViewers;
    this.#hasViewers = active > 0;
    if (this.#hasViewers && !hadViewers) this.#options.onFirstViewer();
  }

  #linger(): void {
    this.#cancelLinger();
    if (this.#isNeeded) this.#cancelLinger = this.#options.clock.after(feedLingerMs, () => this.#setNeeded(false));
  }

  #setNeeded(isNeeded: boolean): void {
    if (isNeeded === this.#isNeeded) return;
    this.#isNeeded = isNeeded;
    this.#options.onNeeded(isNeeded);
  }
}

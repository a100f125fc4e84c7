import { Emitter } from '../kernel/index.ts';
import type { Logger } from '../kernel/index.ts';
import type { MediaCloseReason, TrackDemand, Unsubscribe } from '../lecture/ports.ts';
import { ChildSet } from './ChildSet.ts';

interface Subscription {
  onActiveChanged(listener: (isActive: boolean) => void): Unsubscribe;
  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe;
  close(reason: MediaCloseReason): void;
}

/** The open subscriptions of one track, and how many of them are active. */
export class SubscriptionSet<S extends Subscription> {
  readonly #subscriptions = new ChildSet<S>();
  readonly #demandChanged: Emitter<TrackDemand>;
  #active = 0;

  constructor(logger: Logger) {
    this.#demandChanged = new Emitter(logger);
  }

  get demand(): TrackDemand {
    return { subscriptions: this.#subscriptions.size, active: this.#active };
  }

  /** @throws CodedError `media.unavailable` after `close` */
  add(subscription: S): S {
    this.#subscriptions.add(subscription);
    let isActive = false;
    const setActive = (next: boolean) => {
      if (next !== isActive) this.#active += next ? 1 : -1;
      isActive = next;
      this.#demandChanged.emit(this.demand);
    };
    subscription.onActiveChanged(setActive);
    subscription.onClosed(() => setActive(false));
    this.#demandChanged.emit(this.demand);
    return subscription;
  }

  onDemandChanged(listener: (demand: TrackDemand) => void): Unsubscribe {
    return this.#demandChanged.on(listener);
  }

  close(reason: MediaCloseReason): void {
    this.#subscriptions.close(reason);
  }
}

import { CodedError } from '../contract/index.ts';
import type { MediaCloseReason, Unsubscribe } from '../lecture/index.ts';
import { CloseOnce } from '../sfu/CloseOnce.ts';
import { silentLogger } from './silentLogger.ts';

let lastId = 0;

export function fakeId(what: string): string {
  return `${what}-${(lastId += 1)}`;
}

/** What every part of the fake media plane does: it closes once, after its children. */
export abstract class FakePart {
  readonly #closeOnce = new CloseOnce(silentLogger);

  get isClosed(): boolean {
    return this.#closeOnce.isClosed;
  }

  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe {
    return this.#closeOnce.onClosed(listener);
  }

  close(reason: MediaCloseReason): void {
    this.#closeOnce.close(reason, () => this.release(reason));
  }

  /** Closes the children. */
  protected release(_reason: MediaCloseReason): void {}

  protected requireOpen(): void {
    if (this.isClosed) throw new CodedError('media.unavailable', 'This part of the room is closed.');
  }
}

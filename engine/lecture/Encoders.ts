import { ParticipantId } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';

/**
 * The encoders that send to one lecture. An encoder belongs to the course: it has no user, so entering, removing and
 * expelling people does not concern it.
 */
export class Encoders {
  readonly #names = new Map<ParticipantId, string>();

  add(displayName: string): ParticipantId {
    const encoderId = ParticipantId.parse(newId('prt'));
    this.#names.set(encoderId, displayName);
    return encoderId;
  }

  /** False if it is not attached. */
  remove(encoderId: ParticipantId): boolean {
    return this.#names.delete(encoderId);
  }

  has(encoderId: ParticipantId): boolean {
    return this.#names.has(encoderId);
  }

  ids(): ParticipantId[] {
    return [...this.#names.keys()];
  }
}

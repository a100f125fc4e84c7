/** A connection below Socket.IO: `discard` ends it at once, whatever is still to be said on it. */
export interface LimitedSocket {
  close(discard: boolean): void;
}

/**
 * Responsible for who may stay on a full node: whoever is in a room keeps the seat; of all others the one that has been
 * there longest gives way to who comes. Owns nothing; who leaves by itself has to be told of.
 */
export class ConnectionLimiter<C extends LimitedSocket> {
  readonly #seats: number;
  readonly #headroom: number;
  readonly #seated = new Set<C>();
  /** The longest first. */
  readonly #standing = new Set<C>();

  /** At most `seats` are let into rooms while others come, and there are at most `seats + headroom` in all. */
  constructor({ seats, headroom }: { seats: number; headroom: number }) {
    this.#seats = seats;
    this.#headroom = headroom;
  }

  /** Every seat is taken by someone in a room. */
  get isFull(): boolean {
    return this.#seated.size >= this.#seats;
  }

  enter(connection: C): void {
    this.#standing.add(connection);
    if (this.#seated.size + this.#standing.size <= this.#seats + this.#headroom) return;
    const [oldest] = this.#standing;
    if (!oldest) return;
    this.#standing.delete(oldest);
    oldest.close(true);
  }

  /** It has joined a room. */
  sit(connection: C): void {
    if (this.#standing.delete(connection)) this.#seated.add(connection);
  }

  /** It has left its room, and may join another. */
  stand(connection: C): void {
    if (this.#seated.delete(connection)) this.#standing.add(connection);
  }

  leave(connection: C): void {
    this.#standing.delete(connection);
    this.#seated.delete(connection);
  }
}

/** A connection below Socket.IO. `discard` closes it at once, without sending what is buffered. */
export interface LimitedSocket {
  close(discard: boolean): void;
}

export interface ConnectionLimits {
  /** Connections in rooms, from which on no other is let in. */
  maxInRooms: number;
  /** Further connections, which are in no room. */
  headroom: number;
}

/**
 * Responsible for which connections stay on a full node: those in a room stay, and of the others the oldest is evicted
 * when a new one arrives. Owns nothing; a connection that closes has to be removed.
 */
export class ConnectionLimiter<C extends LimitedSocket> {
  readonly #limits: ConnectionLimits;
  readonly #inRooms = new Set<C>();
  /** The oldest first. */
  readonly #others = new Set<C>();

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#inRooms.size >= this.#limits.maxInRooms;
  }

  /** Adds a connection that is in no room, and evicts one when there are too many. */
  add(connection: C): void {
    this.#others.add(connection);
    const { maxInRooms, headroom } = this.#limits;
    if (this.#inRooms.size + this.#others.size <= maxInRooms + headroom) return;
    const [oldest] = this.#others;
    if (!oldest) return;
    this.#others.delete(oldest);
    oldest.close(true);
  }

  joinedRoom(connection: C): void {
    if (this.#others.delete(connection)) this.#inRooms.add(connection);
  }

  leftRoom(connection: C): void {
    if (this.#inRooms.delete(connection)) this.#others.add(connection);
  }

  remove(connection: C): void {
    this.#others.delete(connection);
    this.#inRooms.delete(connection);
  }
}

import { maxNamespaceConnects, maxUnsentBytes } from './limits.ts';

/** A method, because method parameters are bivariant: each event has an argument of its own. */
type Listener = { listen(argument: unknown): void }['listen'];

/** The part of an Engine.IO connection that its limits need. */
export interface LimitedConnection {
  /** `packetCreate`: something is to be sent; `flush`: the network takes what was sent. */
  on(event: 'packetCreate' | 'flush' | 'data' | 'close', listener: Listener): unknown;
  prependListener(event: 'data', listener: Listener): unknown;
  close(discard?: boolean): void;
}

/** Closes a connection that connects to too many namespaces, or does not read what is sent to it. Socket.IO checks neither. */
export function limitConnection(conn: LimitedConnection): void {
  let namespaceConnects = 0;
  conn.prependListener('data', (data: unknown) => {
    // Packet type 0 of Socket.IO: CONNECT.
    if (typeof data !== 'string' || !data.startsWith('0')) return;
    namespaceConnects += 1;
    // Without `discard`, Engine.IO ignores the rest of the payload from here on.
    if (namespaceConnects > maxNamespaceConnects) conn.close();
  });
  let unsentBytes = 0;
  conn.on('packetCreate', ({ data }: { data?: { length?: number } | string }) => {
    unsentBytes += data?.length ?? 0;
    if (unsentBytes > maxUnsentBytes) conn.close(true);
  });
  // The network has taken everything that was sent before.
  conn.on('flush', () => {
    unsentBytes = 0;
  });
}

import { maxNamespaceConnects, maxUnsentBytes } from './limits.ts';
import type { RoomSocket } from './SocketSession.ts';

/** An Engine.IO connection, as far as its limits go. */
export type LimitedConnection = Pick<RoomSocket['conn'], 'on' | 'prependListener' | 'close'>;

/** Holds a connection to what a page does, below what Socket.IO itself looks at. */
export function limitConnection(conn: LimitedConnection): void {
  let greetings = 0;
  conn.prependListener('data', (data: unknown) => {
    if (typeof data !== 'string' || !data.startsWith('0')) return;
    greetings += 1;
    // Without `discard`, the rest of the packet counts no more from here on.
    if (greetings > maxNamespaceConnects) conn.close();
  });
  let unreadBytes = 0;
  conn.on('packetCreate', ({ data }: { data?: { length?: number } | string }) => {
    unreadBytes += data?.length ?? 0;
    if (unreadBytes > maxUnsentBytes) conn.close(true);
  });
  // Comes when the network has taken everything before.
  conn.on('flush', () => {
    unreadBytes = 0;
  });
}

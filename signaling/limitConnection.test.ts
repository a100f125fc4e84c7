import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { limitConnection } from './limitConnection.ts';
import { maxNamespaceConnects, maxUnsentBytes } from './limits.ts';

describe('a connection', () => {
  let conn: FakeConnection;
  beforeEach(() => {
    conn = new FakeConnection();
    limitConnection(conn as never);
  });
  const send = (count: number) => {
    for (let packet = 0; packet < count; packet += 1) conn.emit('packetCreate', { type: 'message', data: 'x'.repeat(maxUnsentBytes / 4) });
  };

  it('is closed at once when its client does not read', () => {
    send(4);
    expect(conn.closed).toEqual([]);
    send(1);
    expect(conn.closed).toEqual([true]);
  });

  it('carries any amount while its client reads', () => {
    for (let round = 0; round < 5; round += 1) {
      send(4);
      conn.emit('flush', []);
    }
    expect(conn.closed).toEqual([]);
  });

  it('is closed when it connects to too many namespaces', () => {
    for (let count = 0; count < maxNamespaceConnects; count += 1) conn.emit('data', '0/live,');
    conn.emit('data', '2/live,["room.leave",{}]');
    expect(conn.closed).toEqual([]);
    conn.emit('data', '0/live,');
    expect(conn.closed).toEqual([false]);
  });
});

class FakeConnection extends EventEmitter {
  readonly closed: boolean[] = [];

  close(discard = false): void {
    this.closed.push(discard);
  }
}

import { beforeEach, describe, expect, it } from 'vitest';
import { limitConnection } from './limitConnection.ts';
import { maxNamespaceConnects, maxUnsentBytes } from './limits.ts';
import { connectionConformance } from './testing/connectionConformance.ts';
import { FakeConnection } from './testing/FakeConnection.ts';

connectionConformance('The fake', async () => {
  const conn = new FakeConnection();
  return { conn, clientSends: (data) => conn.receive(data), setReading: (isReading) => conn.setReading(isReading), cleanup: async () => undefined };
});

describe('a connection', () => {
  let conn: FakeConnection;
  beforeEach(() => {
    conn = new FakeConnection();
    limitConnection(conn);
  });
  const send = (count: number) => {
    for (let packet = 0; packet < count; packet += 1) conn.send('x'.repeat(maxUnsentBytes / 4));
  };

  it('is closed at once when its client does not read', () => {
    conn.setReading(false);
    // The network takes the first one.
    send(1 + 4);
    expect(conn.readyState).toBe('open');
    send(1);
    expect(conn.readyState).toBe('closed');
  });

  it('carries any amount while its client reads', () => {
    send(20);
    expect(conn.readyState).toBe('open');
  });

  it('is closed when it connects to too many namespaces', () => {
    for (let count = 0; count < maxNamespaceConnects; count += 1) conn.receive('0/live,');
    conn.receive('2/live,["room.leave",{}]');
    expect(conn.readyState).toBe('open');
    conn.receive('0/live,');
    expect(conn.readyState).toBe('closed');
  });
});

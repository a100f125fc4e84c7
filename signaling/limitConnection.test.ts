import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { limitConnection } from './limitConnection.ts';
import { maxUnsentBytes } from './limits.ts';

describe('a connection', () => {
  let conn: FakeConnection;
  beforeEach(() => {
    conn = new FakeConnection();
    limitConnection(conn as never);
  });
  const answers = (count: number) => {
    for (let answer = 0; answer < count; answer += 1) conn.emit('packetCreate', { type: 'message', data: 'x'.repeat(maxUnsentBytes / 4) });
  };

  it('whose client does not read is ended before much waits for it', () => {
    answers(4);
    expect(conn.closed).toEqual([]);
    answers(1);
    expect(conn.closed).toEqual([true]);
  });

  it('may be sent any amount while its client reads', () => {
    for (let round = 0; round < 5; round += 1) {
      answers(4);
      conn.emit('flush', []);
    }
    expect(conn.closed).toEqual([]);
  });
});

class FakeConnection extends EventEmitter {
  readonly closed: boolean[] = [];

  close(discard = false): void {
    this.closed.push(discard);
  }
}

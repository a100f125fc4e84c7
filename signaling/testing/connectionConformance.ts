import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#engine/testing';
import type { LimitedConnection } from '../limitConnection.ts';

export interface ConnectionDriver {
  /** A connection whose client reads. */
  conn: LimitedConnection & { send(data: string): unknown; readonly readyState: string };
  clientSends(data: string): void;
  setReading(isReading: boolean): void;
  cleanup(): Promise<void>;
}

/** More than the kernel takes for a client that does not read. */
const filler = 'x'.repeat(2 ** 24);

/** What the limits of a connection rely on in Engine.IO. */
export function connectionConformance(name: string, open: () => Promise<ConnectionDriver>): void {
  describe(`${name} as a connection`, () => {
    let driver: ConnectionDriver;
    let calls: string[];
    beforeEach(async () => {
      driver = await open();
      calls = [];
      driver.conn.on('data', (data: unknown) => calls.push(`data ${String(data)}`));
      driver.conn.on('flush', () => calls.push('flush'));
      driver.conn.on('packetCreate', ({ data }: { data?: unknown }) => calls.push(`packet ${String(data).slice(0, 5)}`));
      driver.conn.on('close', () => calls.push('close'));
    });
    afterEach(() => driver.cleanup());

    it('reports what its client sends', async () => {
      driver.clientSends('0/live,');
      await until('the data', () => calls.includes('data 0/live,'));
    });

    it('reports each packet when it is created, and when the network takes it', () => {
      driver.conn.send('hello');
      expect(calls).toEqual(['packet hello', 'flush']);
    });

    it('reports no flush while its client does not read, and one when it reads again', async () => {
      driver.setReading(false);
      driver.conn.send(filler);
      driver.conn.send('hello');
      driver.conn.send('world');
      expect(calls).toEqual(['packet xxxxx', 'flush', 'packet hello', 'packet world']);
      driver.setReading(true);
      await until('a flush', () => calls.length > 4);
      expect(calls.at(-1)).toBe('flush');
    });

    it('closes at once when it discards what is waiting, and reports it once', async () => {
      driver.setReading(false);
      driver.conn.send(filler);
      driver.conn.send('hello');
      driver.conn.close(true);
      driver.conn.close(true);
      await until('the close', () => calls.includes('close'));
      expect(driver.conn.readyState).toBe('closed');
      expect(calls.filter((call) => call === 'close')).toHaveLength(1);
    });

    it('ignores what its client sends after it was closed', async () => {
      driver.conn.close();
      driver.clientSends('0/live,');
      await until('the close', () => calls.includes('close'));
      expect(calls).toEqual(['close']);
    });
  });
}

import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { PartQueue } from './PartQueue.ts';

it('A queue of parts has its own copy of every chunk before it releases the chunk', async () => {
  const content = randomBytes(1000);
  const chunks = [0, 1, 2, 3, 4].map((index) => Buffer.from(content.subarray(index * 200, (index + 1) * 200)));
  const parts: Buffer[] = [];
  let released = 0;
  const release = (chunk: Buffer) => {
    released += 1;
    chunk.fill(0);
  };
  const queue = new PartQueue({ partBytes: 300, parallel: 2, firstNumber: 1, rest: undefined, send: async (part) => void parts.push(Buffer.from(part)), release });
  await pipeline(Readable.from(chunks), queue);
  expect(Buffer.concat([...parts, queue.rest]).equals(content)).toBe(true);
  expect([parts.length, released]).toEqual([3, 5]);
});

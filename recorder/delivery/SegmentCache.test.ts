import { describe, expect, it } from 'vitest';
import { SegmentCache } from './SegmentCache.ts';

const file = Buffer.alloc(1000, 7);

describe('The segment cache', () => {
  it('reads a file once for concurrent and later requests', async () => {
    const cache = new SegmentCache(10_000);
    let reads = 0;
    const read = async () => {
      reads += 1;
      return file;
    };
    const files = await Promise.all([cache.get('a', read), cache.get('a', read)]);
    files.push(await cache.get('a', read));
    expect(files).toEqual([file, file, file]);
    expect(reads).toBe(1);
  });

  it('evicts the least recently used files when it is full', async () => {
    const cache = new SegmentCache(2500);
    let reads = 0;
    const read = async () => {
      reads += 1;
      return file;
    };
    for (const hash of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(hash, read);
    expect(reads).toBe(4);
  });

  it('does not cache a missing file or a failed read', async () => {
    const cache = new SegmentCache(10_000);
    expect(await cache.get('a', async () => undefined)).toBeUndefined();
    await expect(cache.get('a', async () => Promise.reject(new Error('damaged')))).rejects.toThrow('damaged');
    expect(await cache.get('a', async () => file)).toBe(file);
  });

  it('does not accept files that are too large', () => {
    expect(new SegmentCache(1000).accepts(1001)).toBe(false);
    expect(new SegmentCache(1e9).accepts(3e6)).toBe(false);
    expect(new SegmentCache(1e9).accepts(1e6)).toBe(true);
  });
});

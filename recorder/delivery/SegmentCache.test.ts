import { describe, expect, it } from 'vitest';
import { SegmentCache } from './SegmentCache.ts';

const file = Buffer.alloc(1000, 7);

describe('the files that were asked for last', () => {
  it('are read once for all who ask at the same time and after', async () => {
    const cache = new SegmentCache(10_000);
    let reads = 0;
    const read = async () => {
      reads += 1;
      return file;
    };
    const answers = await Promise.all([cache.get('a', read), cache.get('a', read)]);
    answers.push(await cache.get('a', read));
    expect(answers).toEqual([file, file, file]);
    expect(reads).toBe(1);
  });

  it('give way to newer ones when there is no more room', async () => {
    const cache = new SegmentCache(2500);
    let reads = 0;
    const read = async () => {
      reads += 1;
      return file;
    };
    for (const hash of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(hash, read);
    expect(reads).toBe(4);
  });

  it('are not remembered when they were not there, or when reading failed', async () => {
    const cache = new SegmentCache(10_000);
    expect(await cache.get('a', async () => undefined)).toBeUndefined();
    await expect(cache.get('a', async () => Promise.reject(new Error('damaged')))).rejects.toThrow('damaged');
    expect(await cache.get('a', async () => file)).toBe(file);
  });

  it('are small: what does not fit is for others to stream', () => {
    expect(new SegmentCache(1000).accepts(1001)).toBe(false);
    expect(new SegmentCache(1e9).accepts(3e6)).toBe(false);
    expect(new SegmentCache(1e9).accepts(1e6)).toBe(true);
  });
});

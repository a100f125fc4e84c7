import { describe, expect, it } from 'vitest';
import { SegmentMemory } from './SegmentMemory.ts';

const file = Buffer.alloc(1000, 7);

describe('the files that were asked for last', () => {
  it('are read once for all who ask at the same time and after', async () => {
    const memory = new SegmentMemory(10_000);
    let reads = 0;
    const read = async () => {
      reads += 1;
      return file;
    };
    const answers = await Promise.all([memory.get('a', read), memory.get('a', read)]);
    answers.push(await memory.get('a', read));
    expect(answers).toEqual([file, file, file]);
    expect(reads).toBe(1);
  });

  it('give way to newer ones when there is no more room', async () => {
    const memory = new SegmentMemory(2500);
    let reads = 0;
    const read = async () => {
      reads += 1;
      return file;
    };
    for (const hash of ['a', 'b', 'a', 'c', 'a', 'b']) await memory.get(hash, read);
    expect(reads).toBe(4);
  });

  it('are not remembered when they were not there, or when reading failed', async () => {
    const memory = new SegmentMemory(10_000);
    expect(await memory.get('a', async () => undefined)).toBeUndefined();
    await expect(memory.get('a', async () => Promise.reject(new Error('damaged')))).rejects.toThrow('damaged');
    expect(await memory.get('a', async () => file)).toBe(file);
  });

  it('are small: what does not fit is for others to stream', () => {
    expect(new SegmentMemory(1000).takes(1001)).toBe(false);
    expect(new SegmentMemory(1e9).takes(3e6)).toBe(false);
    expect(new SegmentMemory(1e9).takes(1e6)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { ResourceStack } from './ResourceStack.ts';

describe('the parts of a process', () => {
  it('close in reverse, one after the other, and say which is closing', async () => {
    const parts = new ResourceStack();
    const closed: unknown[] = [];
    const part = (name: string) => ({
      close: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        closed.push([name, parts.closing]);
      },
    });
    parts.add('first', part('first'));
    parts.defer('second', part('second').close);
    expect(parts.closing).toBeUndefined();
    await parts[Symbol.asyncDispose]();
    expect(closed).toEqual([['second', 'second'], ['first', 'first']]);
  });

  it('stay open when they were handed over', async () => {
    const closed: string[] = [];
    let moved: ResourceStack;
    {
      await using parts = new ResourceStack();
      parts.add('part', { close: () => closed.push('part') });
      moved = parts.move();
    }
    expect(closed).toEqual([]);
    await moved[Symbol.asyncDispose]();
    expect(closed).toEqual(['part']);
    expect(moved.closing).toBe('part');
  });
});

import { describe, expect, it } from 'vitest';
import { ResourceStack } from './ResourceStack.ts';

describe('ResourceStack', () => {
  it('closes its parts in reverse order, one after the other, and names the one that is closing', async () => {
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

  it('closes the other parts when one fails to close', async () => {
    const parts = new ResourceStack();
    const closed: string[] = [];
    parts.defer('first', () => closed.push('first'));
    parts.defer('second', () => Promise.reject(new Error('stuck')));
    await expect(parts[Symbol.asyncDispose]()).rejects.toThrow('stuck');
    expect(closed).toEqual(['first']);
  });

  it('leaves moved parts open', async () => {
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

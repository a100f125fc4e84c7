import { expect, it } from 'vitest';
import type { Answer } from '#api/contract';
import { AnswerSaver } from './AnswerSaver.ts';

const words = (text: string): Answer => ({ kind: 'text', text });

function open() {
  const saved: [string, Answer | null][] = [];
  const refused: unknown[] = [];
  const retries: (() => void)[] = [];
  const network = { failure: undefined as Error | undefined };
  const saver = new AnswerSaver({
    save: async (questionId, answer) => {
      await Promise.resolve();
      if (network.failure) throw network.failure;
      saved.push([questionId, answer]);
    },
    isTemporary: (error) => error instanceof TypeError,
    onRefused: (error) => refused.push(error),
    after: (_ms, run) => {
      retries.push(run);
      return () => undefined;
    },
  });
  return { saver, saved, refused, retries, network };
}

it('Answers are saved one by one, the newest of each question last', async () => {
  const { saver, saved } = open();
  saver.put('a', words('1'));
  saver.put('a', words('2'));
  saver.put('b', null);
  expect(saver.state.value).toBe('saving');
  expect(await saver.flush()).toBe(true);
  expect(saved.at(-1)).toEqual(['b', null]);
  expect(saved.filter(([id]) => id === 'a').at(-1)).toEqual(['a', words('2')]);
  expect(saver.state.value).toBe('saved');
});

it('Nothing is lost while the network is away', async () => {
  const { saver, saved, retries, network } = open();
  network.failure = new TypeError('offline');
  saver.put('a', words('1'));
  expect(await saver.flush()).toBe(false);
  expect([saver.state.value, [...saver.pending.keys()]]).toEqual(['offline', ['a']]);
  saver.put('b', words('2'));
  await saver.flush();
  network.failure = undefined;
  retries.at(-1)?.();
  expect(await saver.flush()).toBe(true);
  expect(saved).toEqual([['a', words('1')], ['b', words('2')]]);
});

it('An answer that the server refuses is reported once, and the others are saved', async () => {
  const { saver, saved, refused, network } = open();
  network.failure = new Error('handed in');
  saver.put('a', words('1'));
  await saver.flush();
  network.failure = undefined;
  saver.put('b', words('2'));
  await saver.flush();
  expect([refused.length, saved]).toEqual([1, [['b', words('2')]]]);
});

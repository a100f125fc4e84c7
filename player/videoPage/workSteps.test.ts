import { expect, it } from 'vitest';
import { stepsOf } from './workSteps.ts';

const shown = (...given: Parameters<typeof stepsOf>) => stepsOf(...given).map(({ stage, state }) => `${stage} ${state}`);

it('shows what is done, what is being done and what comes', () => {
  expect(shown('encoding', 'upload')).toEqual(['scanning done', 'probing done', 'encoding now', 'images later', 'folding later']);
  expect(shown('waiting', 'upload')[0]).toBe('waiting now');
});

it('leaves out for recordings what only uploads need', () => {
  expect(shown('probing', 'recording')).toEqual(['probing now', 'encoding later', 'images later', 'folding later']);
});

import { expect, it } from 'vitest';
import { studioCommandOf } from './studioKeys.ts';

const press = { hasModifier: false, isRepeated: false, isTaken: false };

it('controls microphone, camera, screen and broadcast by keys', () => {
  expect(['m', 'V', 's', 'p', '?', 'x'].map((key) => studioCommandOf({ ...press, key }))).toEqual(['microphone', 'camera', 'screen', 'air', 'help', undefined]);
});

it('leaves keys to text fields, to the browser and to a key that is held', () => {
  for (const more of [{ isTaken: true }, { hasModifier: true }, { isRepeated: true }]) expect(studioCommandOf({ ...press, ...more, key: 'm' })).toBeUndefined();
});

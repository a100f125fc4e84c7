import { expect, it } from 'vitest';
import { defaultPreference, parsePreference, placesOf, rearranged, swapped } from './stageLayout.ts';

const both = { main: true, second: true };

it('shows the screen large and the camera small by default', () => {
  expect(placesOf(defaultPreference, both)).toEqual({ main: 'inset', second: 'whole' });
});

it('swaps the videos, enlarged or side by side', () => {
  expect(placesOf(swapped(defaultPreference), both)).toEqual({ main: 'whole', second: 'inset' });
  expect(placesOf(swapped(rearranged(defaultPreference)), both)).toEqual({ main: 'first', second: 'other' });
});

it('gives the whole stage to the only video present', () => {
  expect(placesOf(defaultPreference, { main: true, second: false })).toEqual({ main: 'whole', second: 'hidden' });
  expect(placesOf(rearranged(defaultPreference), { main: false, second: true })).toEqual({ main: 'hidden', second: 'whole' });
  expect(placesOf(defaultPreference, { main: false, second: false })).toEqual({ main: 'hidden', second: 'hidden' });
});

it('parses stored preferences, and nothing else', () => {
  expect(parsePreference('side main')).toEqual({ arrangement: 'side', large: 'main' });
  for (const stored of [null, '', 'side', 'upside down', '{"a":1}']) expect(parsePreference(stored)).toBe(defaultPreference);
});

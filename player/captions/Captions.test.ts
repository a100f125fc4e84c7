import { expect, it } from 'vitest';
import { Captions, cuesAt, currentIndex } from './Captions.ts';
import { parseSettings } from './captionSettings.ts';
import type { CaptionSettings } from './captionSettings.ts';

const [english, spanish] = [{ id: 'cap_en', language: 'en-US', label: 'English', cueCount: 1 }, { id: 'cap_es', language: 'es', label: 'Español', cueCount: 1 }] as never[] as [never, never];
const cue = (startMs: number, endMs: number, text = '') => ({ startMs, endMs, text });

function opened(settings: Partial<CaptionSettings> = {}, load = async (id: string) => [cue(0, 1000, id)]) {
  const stored: CaptionSettings[] = [];
  const captions = new Captions({ tracks: [english, spanish], settings: { ...parseSettings(null), ...settings }, load, store: (each) => void stored.push(each) });
  return { captions, stored };
}

it('Captions are off until somebody chooses them, and the choice is remembered by its language', async () => {
  const { captions, stored } = opened();
  expect(captions.chosen.value).toBeUndefined();
  captions.choose(spanish);
  await Promise.resolve();
  expect([captions.chosen.value, captions.cues.value]).toEqual([spanish, [cue(0, 1000, 'cap_es')]]);
  expect(stored.at(-1)).toMatchObject({ language: 'es' });
  expect(opened({ language: 'es-MX' }).captions.chosen.value).toBe(spanish);
  expect(opened({ language: 'de' }).captions.chosen.value).toBeUndefined();
});

it('The key turns them on in the language of the page, and off, and on again as they were', () => {
  const { captions } = opened();
  captions.toggle('es');
  expect(captions.chosen.value).toBe(spanish);
  captions.choose(english);
  captions.toggle('es');
  expect(captions.chosen.value).toBeUndefined();
  captions.toggle('es');
  expect(captions.chosen.value).toBe(english);
  const { captions: others } = opened();
  others.toggle('de');
  expect(others.chosen.value).toBe(english);
});

it('Captions that cannot be loaded say so, and are loaded again when they are chosen again', async () => {
  let isDown = true;
  const { captions } = opened({}, async (id) => (isDown ? Promise.reject(new Error('down')) : [cue(0, 1, id)]));
  captions.choose(english);
  await new Promise((resolve) => void setImmediate(resolve));
  expect([captions.hasFailed.value, captions.cues.value]).toEqual([true, []]);
  isDown = false;
  captions.choose(english);
  await new Promise((resolve) => void setImmediate(resolve));
  expect([captions.hasFailed.value, captions.cues.value.length]).toEqual([false, 1]);
});

it('At a moment, all cues that overlap there are shown', () => {
  const cues = [cue(0, 5000, 'a'), cue(1000, 2000, 'b'), cue(6000, 7000, 'c')];
  expect(cuesAt(cues, 1500).map(({ text }) => text)).toEqual(['a', 'b']);
  expect(cuesAt(cues, 5000)).toEqual([]);
  expect([currentIndex(cues, -1), currentIndex(cues, 5500), currentIndex(cues, 9000)]).toEqual([-1, 1, 2]);
});

it('Settings that are damaged are those of the beginning', () => {
  for (const stored of [null, '', '{', '[]', '{"size":"huge","language":3}']) expect(parseSettings(stored)).toEqual({ language: null, size: 'medium', hasBackground: true });
  expect(parseSettings('{"language":"en","size":"large","hasBackground":false}')).toEqual({ language: 'en', size: 'large', hasBackground: false });
});

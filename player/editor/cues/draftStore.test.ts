import { expect, it } from 'vitest';
import { forgetDraft, loadDraft, storeDraft } from './draftStore.ts';

function memory(limit = Infinity) {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (value.length > limit) throw new DOMException('full', 'QuotaExceededError');
      items.set(key, value);
    },
    removeItem: (key: string) => void items.delete(key),
  };
}

const draft = { baseRevision: 3, cues: [{ startMs: 0, endMs: 10, text: 'a' }] };

it('keeps unsaved captions until they are saved', () => {
  const storage = memory();
  expect(storeDraft(storage, 'cap_1', draft)).toBe(true);
  expect([loadDraft(storage, 'cap_1'), loadDraft(storage, 'cap_2')]).toEqual([draft, undefined]);
  forgetDraft(storage, 'cap_1');
  expect(loadDraft(storage, 'cap_1')).toBeUndefined();
});

it('ignores what it cannot read, and says when there is no room', () => {
  const storage = memory(10);
  storage.items.set('captions-draft-cap_1', '{');
  expect(loadDraft(storage, 'cap_1')).toBeUndefined();
  expect(storeDraft(storage, 'cap_1', draft)).toBe(false);
});

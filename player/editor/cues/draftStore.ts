import * as z from 'zod';
import { parseJson } from '../parseJson.ts';

/** Cues that are not saved yet. `baseRevision`: of the captions that they started from. */
const CueDraft = z.object({ baseRevision: z.number(), cues: z.array(z.object({ startMs: z.number(), endMs: z.number(), text: z.string() })) });
export type CueDraft = z.infer<typeof CueDraft>;

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Keeps the unsaved captions of this browser, so that a reload loses nothing. */
export function loadDraft(storage: Storage, captionId: string): CueDraft | undefined {
  return CueDraft.safeParse(parseJson(storage.getItem(keyOf(captionId)) ?? '')).data;
}

/** False if the browser has no room left. */
export function storeDraft(storage: Storage, captionId: string, draft: CueDraft): boolean {
  try {
    storage.setItem(keyOf(captionId), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function forgetDraft(storage: Storage, captionId: string): void {
  storage.removeItem(keyOf(captionId));
}

function keyOf(captionId: string): string {
  return `captions-draft-${captionId}`;
}

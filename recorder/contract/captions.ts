import * as z from 'zod';
import { cleanCueText } from './cueText.ts';

/** Characters of the text of a cue: ten lines, of which a person reads two. */
export const maxCueLength = 1000;
/** Cues of one caption track: 22 hours with one every four seconds. */
export const maxCues = 20_000;
/** Bytes of a caption file, and of the cues of a track as JSON. A lecture of two hours has 200 kB. */
export const maxCaptionBytes = 4 * 2 ** 20;
/** Caption tracks of one video: the languages of the European Union, and a few more. */
export const maxCaptionTracks = 32;
/** Characters of the name of a caption track: one line of a menu. */
export const maxCaptionLabelLength = 60;
/** The last moment of a cue, in ms: a week, as for every position in a video. */
export const maxCueMs = 7 * 24 * 3600_000;

const CueMs = z.number().int().min(0).max(maxCueMs);

/** One line of captions. Cues may overlap. */
export const Cue = z
  .object({
    startMs: CueMs,
    endMs: CueMs,
    text: z
      .string()
      .max(maxCueLength)
      .overwrite(cleanCueText)
      .min(1, 'Enter a text.')
      .max(maxCueLength)
      .describe('WebVTT: `<b>`, `<i>`, `<u>`, `<ruby>` and `<v Name>` are kept, other markup is removed. `&` and `<` are written as `&amp;` and `&lt;`.'),
  })
  .refine(({ startMs, endMs }) => startMs < endMs, { path: ['endMs'], message: 'The end has to be after the start.' });
export type Cue = z.infer<typeof Cue>;

/** A language as BCP 47: `en`, `pt-BR`. */
export const CaptionLanguage = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/, 'Enter a language as en or pt-BR.')
  .refine(isLanguage, 'Enter a language as en or pt-BR.')
  .overwrite(canonicalLanguage);

/** `vtt`: WebVTT. `srt`: SubRip, without the names of speakers. */
export const CaptionFormat = z.enum(['vtt', 'srt']);
export type CaptionFormat = z.infer<typeof CaptionFormat>;

/** In the order in which they appear; of those that appear at once, the one that disappears first. */
export function sortCues<C extends Pick<Cue, 'startMs' | 'endMs'>>(cues: readonly C[]): C[] {
  return cues.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function canonicalLanguage(tag: string): string {
  return isLanguage(tag) ? (Intl.getCanonicalLocales(tag)[0] ?? tag) : tag;
}

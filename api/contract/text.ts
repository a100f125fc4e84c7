import * as z from 'zod';
import { cleanLine, cleanText } from '#engine/contract';

/** What `cleanLine` requires, as a pattern of what is sent: a letter, digit, punctuation mark or symbol that has a shape. */
const visible = String.raw`(?![\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0])[\p{L}\p{N}\p{P}\p{S}]`;

/** A line that a person types. It is measured as it is sent, so that the OpenAPI document can say it, and as it is stored. */
export function typedLine({ max, empty }: { max: number; empty: string }) {
  const tooLong = `At most ${max} characters.`;
  return z.string().max(max, tooLong).meta({ pattern: visible }).overwrite(cleanLine).min(1, empty).max(max, tooLong);
}

/** A line that may be empty. */
export function typedNote(max: number) {
  const tooLong = `At most ${max} characters.`;
  return z.string().max(max, tooLong).overwrite(cleanLine).max(max, tooLong);
}

/** A text of several lines, which may be empty. */
export function typedText(max: number) {
  const tooLong = `At most ${max} characters.`;
  return z.string().max(max, tooLong).overwrite(cleanText).max(max, tooLong);
}

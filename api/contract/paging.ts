import * as z from 'zod';
import { maxCursorLength } from './limits.ts';

/** A place in a list: the `nextCursor` of the page before. Opaque: its content is the server's own, and may change. */
export const Cursor = z
  .string()
  .max(maxCursorLength)
  .regex(/^[\w-]+$/, 'Send the nextCursor of the page before.');
export type Cursor = z.infer<typeof Cursor>;

/** In the response of a list, beside its rows. */
export const NextCursor = z.string().nullable().describe('Send it as `cursor` to get the next page; null on the last one.');

/** The query of a list in pages. `size`: rows of a page by default; `maxSize`: at most. */
export function pageQuery<const F extends z.ZodRawShape>({ size, maxSize, filters }: { size: number; maxSize: number; filters: F }) {
  return z.object({
    ...filters,
    cursor: Cursor.optional().describe('The `nextCursor` of the page before, with the same filters and order. Without it, the first page.'),
    limit: z.coerce.number<number>().int().min(1).max(maxSize).default(size),
  });
}

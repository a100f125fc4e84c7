import * as z from 'zod';
import { CodedError } from '#engine/contract';

const Place = z.tuple([z.string(), z.union([z.string(), z.number()]), z.string().min(1)]);

/** The row that a page ended with: the value that the list is sorted by, and its id. */
export interface PlaceInList {
  key: string | number;
  id: string;
}

/**
 * The cursor of a place. It says which list it belongs to, with its filters and order: `list` is any text that identifies them. A
 * cursor gives no rights, so it is not signed: the rows after a place are read with the same filters as the first page.
 */
export function encodeCursor(list: string, { key, id }: PlaceInList): string {
  return Buffer.from(JSON.stringify([list, key, id] satisfies z.infer<typeof Place>)).toString('base64url');
}

/** @throws CodedError `page.notFound` for what is no cursor, or one of another list */
export function decodeCursor(list: string, cursor: string): PlaceInList {
  const place = Place.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!place.success || place.data[0] !== list) {
    throw new CodedError('page.notFound', 'This page of the list does not exist. Start again with the first page.', { details: { field: 'cursor' } });
  }
  const [, key, id] = place.data;
  return { key, id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

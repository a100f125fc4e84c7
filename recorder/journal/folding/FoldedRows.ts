// Responsible for reading the rows of folded recordings from the store. Owns those that were read last, up to a number of rows.
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { CodedError } from '#engine/contract';
import { maxFoldedRows } from '../../limits.ts';
import type { ObjectStore } from '../../storage/ObjectStore.ts';
import { recordingIdIn } from '../keys.ts';
import { recordingTracks } from '../rows.ts';
import type { InitSegmentRow, JournaledFile, RowFold, SealRow, SegmentRow } from '../rows.ts';

/** All files of a recording. */
export interface RecordingExtent {
  segments: SegmentRow[];
  inits: InitSegmentRow[];
}

/** Every row of a recording as it was in the two collections, those that seal it included. */
export interface FoldedContent {
  inits: (InitSegmentRow | SealRow)[];
  segments: (SegmentRow | SealRow)[];
}

interface Folded {
  content: FoldedContent;
  /** As `Journal.extent` orders them. */
  extent: RecordingExtent;
  /** By key. */
  files: ReadonlyMap<string, JournaledFile>;
}

const Row = z.looseObject({ _id: z.string(), recordingId: z.string(), track: z.string(), key: z.string(), state: z.enum(['stored', 'lost', 'seal']) });
/** What is folded was validated when it was recorded; the hash of the object says that it is the same. */
export const FoldFile = z.object({ version: z.literal(1), recordingId: z.string(), inits: z.array(Row), segments: z.array(Row) });

const unzip = promisify(gunzip);

export class FoldedRows {
  readonly #store: Pick<ObjectStore, 'get'> | undefined;
  /** By recording and hash. */
  readonly #files = new LRUCache<string, { sha256: string; folded: Promise<Folded>; size: number }>({ maxSize: maxFoldedRows, sizeCalculation: ({ size }) => size });
  readonly #known = new Map<string, Folded>();

  constructor(store: Pick<ObjectStore, 'get'> | undefined) {
    this.#store = store;
    this.#files = new LRUCache({ maxSize: maxFoldedRows, sizeCalculation: ({ size }) => size, dispose: (_, recordingId) => this.#known.delete(recordingId) });
  }

  /** What was read of a recording before. Its stored files never change. */
  known(recordingId: string): Folded | undefined {
    return this.#known.get(recordingId);
  }

  /** @throws CodedError `object.corrupt`, `object.notFound`, `store.unavailable` */
  async read(fold: RowFold): Promise<Folded> {
    const recordingId = recordingIdIn(fold.key);
    const known = this.#files.get(recordingId);
    if (known?.sha256 === fold.sha256) return known.folded;
    const entry = { sha256: fold.sha256, folded: this.#load(fold), size: Math.max(1, fold.storedObjects) };
    this.#files.set(recordingId, entry);
    try {
      const folded = await entry.folded;
      if (this.#files.peek(recordingId) === entry) this.#known.set(recordingId, folded);
      return folded;
    } catch (err) {
      if (this.#files.peek(recordingId) === entry) this.#files.delete(recordingId);
      throw err;
    }
  }

  async #load({ key, sha256 }: RowFold): Promise<Folded> {
    if (!this.#store) throw new Error(`${key} is needed, and there is no store to read it from`);
    const { body } = await this.#store.get(key, { sha256 });
    const bytes = await buffer(body);
    try {
      return foldedOf(FoldFile.parse(JSON.parse((await unzip(bytes)).toString())) as unknown as FoldedContent);
    } catch (err) {
      throw new CodedError('object.corrupt', 'The list of the files of this recording is damaged.', { cause: err });
    }
  }
}

function foldedOf({ inits, segments }: FoldedContent): Folded {
  const files = new Map<string, JournaledFile>();
  const [allInits, allSegments] = [inits.filter(isInit), segments.filter(isSegment)];
  for (const row of allInits) files.set(row.key, { kind: 'init', row });
  for (const row of allSegments) files.set(row.key, { kind: 'segment', row });
  const ordered = recordingTracks.flatMap((track) => allSegments.filter((row) => row.track === track).sort((a, b) => a.sequence - b.sequence));
  return { content: { inits, segments }, extent: { segments: ordered, inits: allInits }, files };
}

function isInit(row: InitSegmentRow | SealRow): row is InitSegmentRow {
  return row.track !== 'seal';
}

function isSegment(row: SegmentRow | SealRow): row is SegmentRow {
  return row.track !== 'seal';
}

/** How much of it is stored. */
export function amountOf({ segments, inits }: RecordingExtent): { bytes: number; objects: number } {
  const stored = [...segments, ...inits].filter(({ state }) => state === 'stored');
  return { bytes: stored.reduce((sum, { bytes }) => sum + bytes, 0), objects: stored.length };
}

// Responsible for the images of edited videos: the storyboard and the waveform without what is cut. Owns those that were made last.
import { buffer } from 'node:stream/consumers';
import { LRUCache } from 'lru-cache';
import sharp from 'sharp';
import * as z from 'zod';
import { editedDurationMs, keptSpans } from '../contract/index.ts';
import type { Span } from '../contract/index.ts';
import type { StoredFile, VideoRow } from '../library/index.ts';
import type { ObjectStore } from '../storage/index.ts';
import type { Edit } from './cutPlaylist.ts';
import { maxEditedImages } from './limits.ts';
import { cutStoryboard, isWholeTileKept, parseStoryboard } from './storyboardCues.ts';

/** `waveform.json`, as `recorder/transcode/encode/Waveform.ts` writes it. */
const StoredWaveform = z.looseObject({ peaks: z.array(z.number()) });

export class EditedImages {
  readonly #store: Pick<ObjectStore, 'get'>;
  readonly #made = new LRUCache<string, Promise<Buffer>>({ max: maxEditedImages });

  constructor(store: Pick<ObjectStore, 'get'>) {
    this.#store = store;
  }

  /** `path`: `storyboard.vtt`, `storyboard-<n>.jpg` or `waveform.json`. @throws CodedError `store.unavailable`, `object.notFound` */
  async image(row: VideoRow, path: string, edit: Edit): Promise<Buffer | undefined> {
    const file = fileOf(row, path);
    if (!file) return undefined;
    const id = `${file.key} ${file.sha256} ${JSON.stringify(edit)}`;
    const known = this.#made.get(id) ?? this.#make(row, { file, path, edit });
    this.#made.set(id, known);
    try {
      return await known;
    } catch (err) {
      this.#made.delete(id);
      throw err;
    }
  }

  async #make(row: VideoRow, { file, path, edit }: { file: StoredFile; path: string; edit: Edit }): Promise<Buffer> {
    const original = await this.#read(file);
    const durationMs = row.durationSeconds * 1000;
    const kept = keptSpans(durationMs, edit.cuts, edit.within);
    if (path === 'waveform.json') return Buffer.from(JSON.stringify(cutWaveform(StoredWaveform.parse(JSON.parse(original.toString())), { durationMs, kept })));
    if (path === 'storyboard.vtt') return Buffer.from(cutStoryboard(original.toString(), kept));
    const cues = row.storyboard ? parseStoryboard((await this.#read(row.storyboard.index)).toString()) : [];
    const hidden = cues.filter((cue) => cue.file === path && !isWholeTileKept(kept, cue));
    const covers = hidden.map(({ x, y, width, height }) => ({ left: x, top: y, input: { create: { width, height, channels: 3 as const, background: 'black' } } }));
    return covers.length === 0 ? original : sharp(original).composite(covers).jpeg({ quality: 80 }).toBuffer();
  }

  async #read({ key, sha256 }: StoredFile): Promise<Buffer> {
    return buffer((await this.#store.get(key, { sha256 })).body);
  }
}

function fileOf({ storyboard, waveform }: VideoRow, path: string): StoredFile | undefined {
  if (path === 'storyboard.vtt') return storyboard?.index;
  if (path === 'waveform.json') return waveform ?? undefined;
  const sprite = /^storyboard-(\d+)\.jpg$/.exec(path)?.[1];
  return sprite === undefined ? undefined : storyboard?.sprites[Number(sprite)];
}

/** Leaves out the values of what is cut, also in part; the others are as far apart as before. */
function cutWaveform(waveform: z.infer<typeof StoredWaveform>, { durationMs, kept }: { durationMs: number; kept: readonly Span[] }): object {
  const stepMs = durationMs / Math.max(1, waveform.peaks.length);
  const peaks = waveform.peaks.filter((_, index) => kept.some(({ startMs, endMs }) => startMs <= index * stepMs + 1 && (index + 1) * stepMs <= endMs + 1));
  return { ...waveform, durationMs: editedDurationMs(kept), peaks };
}

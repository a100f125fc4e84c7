import { sealFenced } from '#engine/kernel';
import type { Collection } from '#engine/kernel';
import type { SealRow } from './rows.ts';

interface NextEntryOptions {
  recordingId: string;
  fence: number;
  needsSeal: boolean;
  idOf: (recordingId: string, entry: number) => string;
}

/** The first free entry, after the seal of a new owner. */
export async function nextEntry(rows: Collection<SealRow>, { recordingId, fence, needsSeal, idOf }: NextEntryOptions): Promise<number> {
  const readLast = async (): Promise<SealRow | undefined> => (await rows.find({ recordingId, entry: { $gte: 0 } }, { sort: { entry: -1 }, limit: 1 }))[0];
  const sealAfter = (last: SealRow | undefined): SealRow => {
    const entry = (last?.entry ?? -1) + 1;
    return { _id: idOf(recordingId, entry), recordingId, track: 'seal', key: '', state: 'seal', writtenAt: '', nodeId: null, sequence: entry, epoch: entry, entry, fence };
  };
  const last = needsSeal ? await sealFenced({ collection: rows, fence, readLast, sealAfter }) : await readLast();
  return (last?.entry ?? -1) + 1;
}

import { isCoded } from '#engine/contract';
import type { Spool } from '../capture/Spool.ts';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import type { InitSegmentRow, SegmentRow, WrittenEntry } from '../journal/rows.ts';
import type { ObjectStore } from '../storage/ObjectStore.ts';
import { sha256OfFile, sha256OfBytes } from '../storage/sha256.ts';
import type { Damage, Leftover } from './AuditReport.ts';
import { auditParallelReads } from '../limits.ts';

export interface Found {
  damages: Damage[];
  leftovers: Leftover[];
}

export interface Places {
  store: ObjectStore;
  spool: Spool;
  /** The node that the spool belongs to. */
  nodeId: string;
}

interface Fingerprint {
  bytes: number;
  sha256: string;
}

/** Reads every file from where its row says it is, and checks its size and SHA-256. */
export async function auditFiles({ inits, segments }: Pick<RecordingListing, 'inits' | 'segments'>, places: Places): Promise<Found> {
  const found: Found = { damages: [], leftovers: [] };
  const rows = [...inits, ...segments];
  const next = async (): Promise<void> => {
    for (let row = rows.shift(); row; row = rows.shift()) await auditFile(row, { ...places, ...found });
  };
  await Promise.all(Array.from({ length: auditParallelReads }, next));
  return found;
}

/** The file is on the disk of this node until it is stored. A row of an older version names no node. */
export function isOfNode(row: WrittenEntry, nodeId: string): boolean {
  return row.nodeId === undefined || row.nodeId === nodeId;
}

/** Compares a stored object with its expected size and hash. */
export async function compareStored(key: string, expected: Fingerprint, store: ObjectStore): Promise<'same' | 'other' | 'missing'> {
  try {
    const { body } = await store.get(key);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk as Uint8Array);
    const content = Buffer.concat(chunks);
    return content.length === expected.bytes && sha256OfBytes(content) === expected.sha256 ? 'same' : 'other';
  } catch (err) {
    if (isCoded(err, 'object.notFound')) return 'missing';
    throw err;
  }
}

async function auditFile(row: InitSegmentRow | SegmentRow, { store, spool, nodeId, damages, leftovers }: Places & Found): Promise<void> {
  const { key, state } = row;
  if (state === 'lost') return void damages.push({ kind: 'lost', what: key });
  const stored = await compareStored(key, row, store);
  if (state === 'stored') {
    if (stored !== 'same') damages.push({ kind: stored === 'missing' ? 'missing' : 'corrupt', what: key, detail: 'in the store' });
    return;
  }
  if (stored === 'same') leftovers.push({ kind: 'alreadyStored', what: key });
  if (isOfNode(row, nodeId)) await auditSpooled(row, { spool, stored, damages });
}

async function auditSpooled(row: InitSegmentRow | SegmentRow, { spool, stored, damages }: Pick<Places, 'spool'> & Pick<Found, 'damages'> & { stored: 'same' | 'other' | 'missing' }): Promise<void> {
  const { key } = row;
  const spooled = await compareSpooled(spool.fileOf(key), row);
  if (spooled === 'other') damages.push({ kind: 'corrupt', what: key, detail: 'in the spool' });
  else if (spooled === 'missing' && stored !== 'same') damages.push({ kind: stored === 'missing' ? 'missing' : 'corrupt', what: key, detail: 'not stored yet' });
}

async function compareSpooled(file: string, expected: Fingerprint): Promise<'same' | 'other' | 'missing'> {
  try {
    return (await sha256OfFile(file)) === expected.sha256 ? 'same' : 'other';
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw err;
  }
}

import { toInstant } from '../../Clock.ts';
import type { Clock } from '../../Clock.ts';
import type { CarrySource } from './CarrySource.ts';
import type { CarryTarget } from './CarryTarget.ts';

export interface CarryOptions {
  source: CarrySource;
  target: CarryTarget;
  clock: Clock;
  /** Carries a second time, although the first is complete: what has changed in MongoDB since is overwritten. */
  isRepeated?: boolean;
  onProgress: (progress: CarryProgress) => void;
}

export interface CarryProgress {
  step: 'copying' | 'comparing';
  collection: string;
  /** Documents that have been copied or compared. */
  done: number;
  total: number;
}

export interface CarryReport {
  /** Documents of each collection. */
  collections: Record<string, number>;
  /** Documents that were written; the others were there already. */
  copied: number;
  /** Documents that still differ, as `collection/_id`, the first hundred of them. */
  differences: string[];
}

const LISTED_DIFFERENCES = 100;

/** The target cannot be written without losing what it has. */
export class CarryRefusal extends Error {
  override readonly name = 'CarryRefusal';
}

/**
 * Copies every document of the source to the target, then compares them. When it is interrupted, it can be called again: what is
 * the same is not written again, and what has been deleted in between is deleted in the target.
 * @throws CarryRefusal when the target has documents of another database, or was completed before
 */
export async function carryDatabase(options: CarryOptions): Promise<CarryReport> {
  const { source, target, clock } = options;
  await claimTarget(options);
  const report: CarryReport = { collections: {}, copied: 0, differences: [] };
  for (const collection of source.collections()) {
    report.copied += await copy(collection, options);
    report.collections[collection] = source.count(collection);
  }
  for (const collection of source.collections()) report.differences.push(...(await compare(collection, options)));
  report.differences.length = Math.min(report.differences.length, LISTED_DIFFERENCES);
  if (report.differences.length === 0) await target.putMark({ _id: 'carried', databaseId: source.id(), completedAt: toInstant(clock.nowMs()) });
  return report;
}

async function claimTarget({ source, target, isRepeated }: CarryOptions): Promise<void> {
  const databaseId = source.id();
  const mark = await target.mark();
  if (mark === null) {
    const filled = await target.firstFilled(source.collections());
    if (filled !== undefined) throw new CarryRefusal(`The MongoDB database already has documents in ${filled}, which do not come from here. Name an empty database.`);
  } else if (mark.databaseId !== databaseId) {
    throw new CarryRefusal('The MongoDB database holds another Lectern. Name an empty database.');
  } else if (mark.completedAt !== null && isRepeated !== true) {
    throw new CarryRefusal(`This was carried completely at ${mark.completedAt}. Doing so again overwrites what has changed in MongoDB since; if you want that, add --again.`);
  }
  await target.putMark({ _id: 'carried', databaseId, completedAt: null });
}

/** Returns the number of documents that were written. */
async function copy(collection: string, { source, target, onProgress }: CarryOptions): Promise<number> {
  const total = source.count(collection);
  let done = 0;
  let copied = 0;
  for (const documents of source.pages(collection)) {
    const differing = await target.differing(collection, documents);
    await target.put(collection, differing);
    copied += differing.length;
    done += documents.length;
    onProgress({ step: 'copying', collection, done, total });
  }
  for await (const ids of target.ids(collection)) await target.remove(collection, source.missing(collection, ids));
  return copied;
}

async function compare(collection: string, { source, target, onProgress }: CarryOptions): Promise<string[]> {
  const total = source.count(collection);
  const differences: string[] = [];
  let done = 0;
  for (const documents of source.pages(collection)) {
    for (const { _id } of await target.differing(collection, documents)) differences.push(`${collection}/${_id}`);
    done += documents.length;
    onProgress({ step: 'comparing', collection, done, total });
  }
  for await (const ids of target.ids(collection)) {
    for (const id of source.missing(collection, ids)) differences.push(`${collection}/${id}`);
  }
  return differences;
}

import { CodedError } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import type { Collection, Database } from '#engine/kernel';
import { maxShownRosterLines } from '../../contract/index.ts';
import type { RosterImport } from '../../contract/index.ts';
import { rosterBatchSize } from '../../limits.ts';
import type { LineProblem, ParsedLine } from './parseRoster.ts';

export type RosterResult = RosterImport['result'];

export interface RosterRow {
  _id: string;
  courseId: string;
  createdBy: string;
  createdAt: string;
  state: RosterImport['state'];
  encoding: RosterImport['encoding'];
  separator: RosterImport['separator'];
  columns: RosterImport['columns'];
  planned: RosterImport['planned'];
  newGroups: string[];
  shown: RosterImport['lines'];
  problems: LineProblem[];
  /** Usable lines in all. */
  total: number;
  /** Usable lines that were applied: whole batches. */
  done: number;
  result: RosterResult;
}

interface BatchRow {
  /** `<importId>/<number of its first line>` */
  _id: string;
  importId: string;
  lines: ParsedLine[];
}

/** The lists that were read. Their lines are stored in batches, so that applying one writes little. Owns `rosterImports` and `rosterBatches`. */
export class RosterStore {
  readonly #imports: Collection<RosterRow>;
  readonly #batches: Collection<BatchRow>;

  constructor(database: Database) {
    this.#imports = database.collection<RosterRow>({ name: 'rosterImports', indexes: [{ keys: { createdAt: 1 } }, { keys: { courseId: 1 } }, { keys: { createdBy: 1 } }] });
    this.#batches = database.collection<BatchRow>({ name: 'rosterBatches', indexes: [{ keys: { importId: 1 } }] });
  }

  async add(row: RosterRow, lines: readonly ParsedLine[]): Promise<void> {
    const starts = Array.from({ length: Math.ceil(lines.length / rosterBatchSize) }, (_, index) => index * rosterBatchSize);
    await this.#batches.insertMany(starts.map((start) => ({ _id: `${row._id}/${start}`, importId: row._id, lines: lines.slice(start, start + rosterBatchSize) })));
    await this.#imports.insertOne(row);
  }

  /** @throws CodedError `roster.notFound`, also for one of another course or from before `since` */
  async get(courseId: CourseId, importId: string, since: string): Promise<RosterRow> {
    const row = await this.#imports.findOne({ _id: importId, courseId });
    if (!row || row.createdAt < since) throw new CodedError('roster.notFound', 'This list is no longer available. Upload it again.');
    return row;
  }

  async find(importId: string): Promise<RosterRow | undefined> {
    return (await this.#imports.findOne({ _id: importId })) ?? undefined;
  }

  async batch(importId: string, start: number): Promise<ParsedLine[]> {
    return (await this.#batches.findOne({ _id: `${importId}/${start}` }))?.lines ?? [];
  }

  async startApplying(importId: string): Promise<void> {
    await this.#imports.updateOne({ _id: importId, state: 'previewed' }, { $set: { state: 'applying' } });
  }

  /** Stores what applying the batch after `from` has done, unless another run has stored it already. */
  async advance({ _id, problems }: RosterRow, from: number, batch: { count: number; result: RosterResult; problems: readonly LineProblem[] }): Promise<void> {
    const { added, alreadyIn, invited, waiting, problems: failed } = batch.result;
    const room = Math.max(0, maxShownRosterLines - problems.length);
    await this.#imports.updateOne(
      { _id, done: from },
      {
        $set: { done: from + batch.count },
        $inc: { 'result.added': added, 'result.alreadyIn': alreadyIn, 'result.invited': invited, 'result.waiting': waiting, 'result.problems': failed },
        $push: { problems: { $each: batch.problems.slice(0, room) } },
      },
    );
  }

  async finish(importId: string): Promise<void> {
    await this.#imports.updateOne({ _id: importId }, { $set: { state: 'applied' } });
    await this.#batches.deleteMany({ importId });
  }

  async removeOld(before: string): Promise<void> {
    for (const { _id } of await this.#imports.find({ createdAt: { $lt: before } })) await this.#remove(_id);
  }

  async removeAll(courseId: CourseId): Promise<void> {
    for (const { _id } of await this.#imports.find({ courseId })) await this.#remove(_id);
  }

  async removeOfUser(createdBy: string): Promise<void> {
    for (const { _id } of await this.#imports.find({ createdBy })) await this.#remove(_id);
  }

  async ofUser(createdBy: string): Promise<RosterRow[]> {
    return this.#imports.find({ createdBy });
  }

  /** Removes the lists in which an address is: few lists exist, as they are kept for a short time. */
  async removeMentioning(email: string): Promise<void> {
    const mentions = (part: unknown) => JSON.stringify(part).toLowerCase().includes(email);
    const found = new Set<string>();
    for await (const { importId, lines } of this.#batches.iterate({})) if (mentions(lines)) found.add(importId);
    for await (const { _id, shown, problems } of this.#imports.iterate({})) if (mentions([shown, problems])) found.add(_id);
    for (const importId of found) await this.#remove(importId);
  }

  async #remove(importId: string): Promise<void> {
    await this.#batches.deleteMany({ importId });
    await this.#imports.deleteOne({ _id: importId });
  }
}

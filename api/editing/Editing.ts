import { CodedError } from '#engine/contract';
import { delay, DuplicateKeyError, KeyedMutex, newId } from '#engine/kernel';
import type { Clock, Collection, Database } from '#engine/kernel';
import { routes } from '../contract/index.ts';
import type { RouteName } from '../contract/index.ts';
import { editLockMs, editRetryMs } from '../programLimits.ts';
import { editedThings } from './editedThings.ts';
import { changedFields, editedFields, versionTag } from './versionTag.ts';

interface EditLockRow {
  /** The path of the thing. */
  _id: string;
  holder: string;
  untilMs: number;
}

interface Response {
  setHeader(name: string, value: string): unknown;
}

interface Edit {
  name: RouteName;
  request: { path: string; body?: unknown; get(name: string): string | undefined };
  response: Response;
  /** What the caller would read. */
  read: (route: RouteName) => Promise<unknown>;
  change: () => Promise<unknown>;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Compares `If-Match` with the thing as it is and refuses a change of another version, saying which fields differ. Changes of one
 * thing run one after the other in all processes, so nothing comes between comparing and changing. Owns the collection `editLocks`.
 */
export class Editing {
  readonly #locks: Collection<EditLockRow>;
  /** Of this process, so that its changes wait without looking. */
  readonly #mutex = new KeyedMutex();
  readonly #clock: Clock;

  constructor({ database, clock }: { database: Database; clock: Clock }) {
    this.#locks = database.collection<EditLockRow>({ name: 'editLocks', indexes: [] });
    this.#clock = clock;
  }

  /** Names the version of what was read. */
  tag(name: RouteName, answer: unknown, response: Response): void {
    const change = (Object.keys(editedThings) as RouteName[]).find((each) => editedThings[each] === name);
    if (change) response.setHeader('ETag', versionTag(answer, editedFields(routes[change], routes[name])));
  }

  /** @throws CodedError `version.changed` */
  async run({ name, request, response, read, change }: Edit): Promise<unknown> {
    const source = editedThings[name];
    if (!source) return change();
    const fields = editedFields(routes[name], routes[source]);
    const given = request.get('if-match');
    const answer = await this.#mutex.run(request.path, () => this.#locked(request.path, async () => {
      if (given !== undefined && given.trim() !== '*') requireVersion(await read(source), { given, fields, wanted: request.body as Fields });
      return change();
    }));
    if (fields.every((field) => Object.hasOwn(answer as Fields, field))) response.setHeader('ETag', versionTag(answer, fields));
    return answer;
  }

  async #locked<T>(path: string, work: () => Promise<T>): Promise<T> {
    const holder = newId('prc');
    while (!(await this.#take(path, holder))) await delay(this.#clock, editRetryMs);
    try {
      return await work();
    } finally {
      await this.#locks.deleteOne({ _id: path, holder });
    }
  }

  async #take(path: string, holder: string): Promise<boolean> {
    const nowMs = this.#clock.nowMs();
    try {
      await this.#locks.insertOne({ _id: path, holder, untilMs: nowMs + editLockMs });
      return true;
    } catch (error) {
      if (!(error instanceof DuplicateKeyError)) throw error;
    }
    const held = await this.#locks.findOne({ _id: path });
    if (!held || held.untilMs > nowMs) return false;
    // Its process has died.
    const { modifiedCount } = await this.#locks.updateOne({ _id: path, holder: held.holder }, { $set: { holder, untilMs: nowMs + editLockMs } });
    return modifiedCount === 1;
  }
}

function requireVersion(current: unknown, { given, fields, wanted }: { given: string; fields: readonly string[]; wanted: Fields }): void {
  const tag = versionTag(current, fields);
  const tags = given.split(',').map((each) => each.trim());
  if (tags.includes(tag)) return;
  const changed = changedFields({ given: tags[0] ?? '', current: tag }, fields).map((field) => ({ field, yours: wanted[field] ?? null, current: (current as Fields)[field] ?? null }));
  throw new CodedError('version.changed', `Somebody else has changed ${changed.map(({ field }) => field).join(', ')} in the meantime. Compare, and save again.`, { details: { etag: tag, changed } });
}

// Responsible for settings that change while the site runs, in step in all of its processes: a change is a document with a
// version, a message of the bus tells the others to read it, and reading it at intervals is for messages that are lost. Owns the
// collection `settings`, a subscription and a timer.
import * as z from 'zod';
import { CodedError } from '../../contract/index.ts';
import { background } from '../background.ts';
import { topic } from '../bus/index.ts';
import type { Bus, Unsubscribe } from '../bus/index.ts';
import { toInstant } from '../Clock.ts';
import type { Clock } from '../Clock.ts';
import { DuplicateKeyError } from '../database/index.ts';
import type { Collection, Database } from '../database/index.ts';
import { Emitter } from '../Emitter.ts';
import type { Logger } from '../Logger.ts';
import { settingsPollMs } from './limits.ts';

type Values = Readonly<Record<string, unknown>>;

interface SettingsRow {
  _id: string;
  /** Counts the changes. */
  version: number;
  changedAt: string;
  /** Those that were changed once; the others have their defaults. */
  values: Record<string, unknown>;
  /** The version that each was changed in last. */
  changedIn: Record<string, number>;
}

const settingsChanged = topic('settings.changed', z.object({ name: z.string(), version: z.number().int() }));

export interface SharedSettingsOptions<S extends z.ZodObject> {
  database: Database;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  /** `site`; several sets of settings can exist. */
  name: string;
  /** Every setting has a default. */
  schema: S;
  /** Defaults of this installation. */
  defaults?: Partial<z.output<S>>;
}

/** The settings, and the version that a change has to name. */
export interface SettingsState<T> {
  /** 0: nothing was ever changed. */
  version: number;
  values: Readonly<T>;
}

export class SharedSettings<S extends z.ZodObject> {
  readonly #options: SharedSettingsOptions<S>;
  readonly #rows: Collection<SettingsRow>;
  readonly #changed: Emitter<Readonly<z.output<S>>>;
  #state: SettingsState<z.output<S>>;
  #isClosed = false;
  #isUnreadable = false;
  #unsubscribe: Unsubscribe = () => undefined;
  #cancelPoll: () => void = () => undefined;

  private constructor(options: SharedSettingsOptions<S>) {
    this.#options = options;
    this.#rows = options.database.collection<SettingsRow>({ name: 'settings', indexes: [] });
    this.#changed = new Emitter(options.logger);
    this.#state = { version: 0, values: this.#valuesOf({}) };
  }

  /** Reads the settings, and follows them. @throws CodedError `database.unavailable` */
  static async open<S extends z.ZodObject>(options: SharedSettingsOptions<S>): Promise<SharedSettings<S>> {
    const settings = new SharedSettings(options);
    settings.#unsubscribe = await options.bus.subscribe(settingsChanged, {
      onMessage: ({ name, version }) => (name === options.name && version > settings.#state.version ? settings.#refresh() : undefined),
      onMissed: () => settings.#refresh(),
    });
    try {
      await settings.#read();
    } catch (err) {
      settings.close();
      throw err;
    }
    settings.#schedulePoll();
    return settings;
  }

  /** As this process knows them: at most 2 s old while the database answers. */
  get current(): Readonly<z.output<S>> {
    return this.#state.values;
  }

  /** As the database has them now. @throws CodedError `database.unavailable` */
  async read(): Promise<SettingsState<z.output<S>>> {
    await this.#read();
    return this.#state;
  }

  /** Calls the listener with the settings after each change. */
  onChanged(listener: (values: Readonly<z.output<S>>) => void): Unsubscribe {
    return this.#changed.on(listener);
  }

  /**
   * Changes some settings, if nobody has changed any since `version`. Resolves with the new state, in force in this process.
   * @throws CodedError `settings.stale` with the names of the settings that were `changed` since, and the current `version`
   */
  async change(version: number, change: Partial<z.input<S>>): Promise<SettingsState<z.output<S>>> {
    const { name, clock, bus, logger, schema } = this.#options;
    const row = await this.#find();
    if ((row?.version ?? 0) !== version) throw stale(row, version);
    const values = schema.parse({ ...this.#valuesOf(row?.values ?? {}), ...change }) as Values;
    const fields = Object.keys(change).filter((field) => change[field as keyof typeof change] !== undefined);
    const next = { ...row?.values, ...Object.fromEntries(fields.map((field) => [field, values[field]])) };
    const changedIn = { ...row?.changedIn, ...Object.fromEntries(fields.map((field) => [field, version + 1])) };
    await this.#write(version, { version: version + 1, changedAt: toInstant(clock.nowMs()), values: next, changedIn });
    logger.info({ settings: name, version: version + 1, fields }, 'settings.changed');
    this.#apply({ _id: name, version: version + 1, changedAt: '', values: next, changedIn });
    bus.publish(settingsChanged, { name, version: version + 1 });
    return this.#state;
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#cancelPoll();
  }

  async #write(before: number, row: Omit<SettingsRow, '_id'>): Promise<void> {
    const _id = this.#options.name;
    if (before > 0) {
      if ((await this.#rows.updateOne({ _id, version: before }, { $set: row })).matchedCount === 0) throw stale(await this.#find(), before);
      return;
    }
    try {
      await this.#rows.insertOne({ _id, ...row });
    } catch (err) {
      if (!(err instanceof DuplicateKeyError)) throw err;
      throw stale(await this.#find(), before);
    }
  }

  async #find(): Promise<SettingsRow | undefined> {
    return (await this.#rows.findOne({ _id: this.#options.name })) ?? undefined;
  }

  async #read(): Promise<void> {
    const row = await this.#find();
    if (row) this.#apply(row);
  }

  #apply(row: SettingsRow): void {
    if (row.version <= this.#state.version || this.#isClosed) return;
    this.#state = { version: row.version, values: this.#valuesOf(row.values) };
    this.#changed.emit(this.#state.values);
  }

  /** The stored values and the defaults. A value of another version of Lectern that is not valid here is its default. */
  #valuesOf(stored: Values): Readonly<z.output<S>> {
    const { schema, defaults, logger, name } = this.#options;
    const given = { ...defaults, ...stored } as Values;
    const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
    const read = (field: string) => {
      const result = shape[field]?.safeParse(given[field]);
      if (result?.success === false) logger.warn({ settings: name, field }, 'settings.invalid');
      return [field, result?.success ? result.data : shape[field]?.parse(undefined)];
    };
    return Object.freeze(Object.fromEntries(Object.keys(shape).map(read))) as Readonly<z.output<S>>;
  }

  /** Keeps what it has while the database does not answer. */
  async #refresh(): Promise<void> {
    try {
      await this.#read();
      this.#isUnreadable = false;
    } catch (err) {
      if (!this.#isUnreadable) this.#options.logger.warn({ err, settings: this.#options.name }, 'settings.unreadable');
      this.#isUnreadable = true;
    }
  }

  #schedulePoll(): void {
    if (this.#isClosed) return;
    const { clock, logger } = this.#options;
    this.#cancelPoll = clock.after(settingsPollMs, () => background('settings.poll', this.#refresh().finally(() => this.#schedulePoll()), logger));
  }
}

function stale(row: SettingsRow | undefined, version: number): CodedError {
  const changed = Object.entries(row?.changedIn ?? {}).filter(([, changedIn]) => changedIn > version).map(([field]) => field);
  return new CodedError('settings.stale', 'Somebody else has changed the settings in the meantime. Look at the current ones, and save again.', { details: { version: row?.version ?? 0, changed } });
}

// Responsible for storing every entry of the audit log, also when the database does not accept it at once. Owns the writes
// that are still to be repeated; `close` gives them up, and logs each, so that the log of the server has what the audit lacks.
import { background, retryUntilPersisted, toInstant } from '#engine/kernel';
import type { Clock, Database, Logger } from '#engine/kernel';
import type { AuditLog, AuditRecord } from './AuditLog.ts';
import { auditRow, AuditStore } from './AuditStore.ts';
import type { AuditRow } from './AuditStore.ts';

export interface DatabaseAuditLogOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
}

export class DatabaseAuditLog implements AuditLog {
  readonly store: AuditStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #closing = new AbortController();

  constructor({ database, clock, logger }: DatabaseAuditLogOptions) {
    this.store = new AuditStore(database);
    this.#clock = clock;
    this.#logger = logger;
  }

  async record(record: AuditRecord): Promise<void> {
    const row = auditRow(record, toInstant(this.#clock.nowMs()));
    try {
      await this.store.put(row);
    } catch (err) {
      this.#logger.error({ err, entry: row }, 'audit.delayed');
      background('audit.record', this.#repeat(row), this.#logger);
    }
  }

  /** Ends the repetitions. Idempotent. */
  close(): void {
    this.#closing.abort(new Error('the server is stopping'));
  }

  async #repeat(row: AuditRow): Promise<void> {
    await retryUntilPersisted(() => this.store.put(row), { clock: this.#clock, signal: this.#closing.signal });
    this.#logger.info({ entryId: row._id }, 'audit.recorded');
  }
}

import * as z from 'zod';
import { CodedError, RecordId } from '#engine/contract';
import type { UserId } from '#engine/contract';
import { fromInstant, jobKind, toInstant } from '#engine/kernel';
import type { Clock, JobQueue, Logger, TokenSigner } from '#engine/kernel';
import type { OpenLogins } from '#engine';
import type { ObjectStore } from '#recorder';
import type { FileContent } from '../contract/index.ts';
import { exportKey } from './ExportStore.ts';
import type { ExportRow, ExportState, ExportStore } from './ExportStore.ts';
import { downloadSeconds, exportAttempts, exportRetryMs, exportTimeoutMs } from './limits.ts';

export const exportJobs = jobKind('personal.export', { data: z.object({ exportId: RecordId }), maxAttempts: exportAttempts, retryFirstMs: exportRetryMs });

export interface ExportsOptions {
  store: ExportStore;
  objects: ObjectStore;
  jobs: JobQueue;
  tokens: TokenSigner;
  logins: Pick<OpenLogins, 'isOpen'>;
  clock: Clock;
  logger: Logger;
}

/** What a person sees of the export. */
export interface ExportView {
  state: ExportState;
  requestedAt: string;
  progress: number;
  bytes: number | null;
  expiresAt: string | null;
  /** The path of the download, for a few minutes; null before it is ready. */
  url: string | null;
}

/** The downloads of everything that is stored about a person: asked for here, made by a job. */
export class Exports {
  readonly #options: ExportsOptions;

  constructor(options: ExportsOptions) {
    this.#options = options;
  }

  /** The newest export of the person. */
  async view({ userId, loginId }: { userId: UserId; loginId: string }): Promise<ExportView | null> {
    const row = (await this.#options.store.ofUser(userId))[0];
    if (!row || this.#hasExpired(row)) return null;
    const { requestedAt, progress, bytes, expiresAt } = row;
    const url = row.state === 'ready' ? `/api/v1/users/export/${this.#options.tokens.sign('download', { userId, loginId, exportId: row._id }, downloadSeconds)}` : null;
    return { state: this.#stateOf(row), requestedAt, progress, bytes, expiresAt, url };
  }

  /** Asks for a new export, unless one is being made. An older one is removed when the new one is ready. */
  async request(caller: { userId: UserId; loginId: string }): Promise<ExportView | null> {
    const { store, jobs, clock, logger } = this.#options;
    const newest = (await store.ofUser(caller.userId))[0];
    if (!newest || !['waiting', 'running'].includes(this.#stateOf(newest))) {
      const { _id: exportId } = await store.add(caller.userId, toInstant(clock.nowMs()));
      await jobs.add(exportJobs, { key: exportId, data: { exportId } });
      logger.info({ userId: caller.userId, exportId }, 'export.requested');
    }
    return this.view(caller);
  }

  /** The file of a signed link. @throws CodedError `auth.invalid`, `auth.expired`, `object.notFound`, `store.unavailable` */
  async open(token: string): Promise<FileContent> {
    const { store, objects, tokens, logins } = this.#options;
    const { userId, loginId, exportId } = tokens.verify('download', token);
    if (!(await logins.isOpen({ userId, loginId }))) throw new CodedError('auth.invalid', 'Your session has ended. Sign in again.');
    const row = await store.find(exportId);
    if (row?.userId !== userId || row.state !== 'ready' || this.#hasExpired(row)) throw new CodedError('object.notFound', 'This download has expired. Ask for a new one.');
    const { head, body } = await objects.get(exportKey(row));
    const headers = { 'Content-Length': String(head.bytes), 'Content-Disposition': `attachment; filename="lectern-${row.requestedAt.slice(0, 10)}.zip"` };
    return { contentType: 'application/zip', body, headers };
  }

  /** A worker that died in the last attempt has not stored its end. */
  #stateOf({ state, requestedAt }: ExportRow): ExportState {
    const isLate = this.#options.clock.nowMs() - fromInstant(requestedAt) > exportTimeoutMs;
    return isLate && (state === 'waiting' || state === 'running') ? 'failed' : state;
  }

  #hasExpired({ expiresAt }: ExportRow): boolean {
    return expiresAt !== null && fromInstant(expiresAt) <= this.#options.clock.nowMs();
  }
}

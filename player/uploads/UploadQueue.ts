import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { UploadView } from '#api/contract';
import { decideUploadRetry } from './decideUploadRetry.ts';
import type { FileHandles, StoredHandle } from './FileHandles.ts';
import type { StoredUploads } from './StoredUploads.ts';
import type { StartTransfer, Transfer } from './Transfer.ts';
import { TransferRate } from './TransferRate.ts';
import { afterEvent, isActive, isFileOf, nextToStart } from './uploadItem.ts';
import type { UploadEvent, UploadItem } from './uploadItem.ts';

export interface UploadQueueOptions {
  startTransfer: StartTransfer;
  /** Deletes an unfinished upload on the server. */
  cancelOnServer(url: string): Promise<void>;
  stored: StoredUploads;
  handles: FileHandles;
  isOnline(): boolean;
  nowMs(): number;
  /** Calls `run` once after a time. @returns what prevents it */
  after(delayMs: number, run: () => void): () => void;
  newKey(): string;
  /** All bytes of an upload have arrived; it has left the queue. */
  onArrived(item: UploadItem): void;
}

/** A file that somebody has chosen, with the handle by which the browser finds it again after a reload. */
export interface ChosenFile {
  file: File;
  title: string;
  handle?: StoredHandle | undefined;
}

/** Uploads at once: a small file does not wait for a large one, and the connection is not split among many. */
const maxAtOnce = 2;
/** Between two changes of a number that is shown. */
const shownEveryMs = 250;

/**
 * In charge of the files that are uploaded: which are sent now, what follows after a failure, and which are unfinished after a
 * reload. Owns their transfers and timers.
 */
export class UploadQueue {
  private readonly shown = signal<readonly UploadItem[]>([]);
  private readonly files = new Map<string, ChosenFile>();
  private readonly transfers = new Map<string, Transfer>();
  private readonly timers = new Map<string, () => void>();
  private readonly rates = new Map<string, TransferRate>();
  private readonly losses = new Map<string, number>();
  private readonly shownAtMs = new Map<string, number>();
  private readonly options: UploadQueueOptions;

  constructor(options: UploadQueueOptions) {
    this.options = options;
  }

  get items(): ReadonlySignal<readonly UploadItem[]> {
    return this.shown;
  }

  rateOf(key: string): TransferRate | undefined {
    return this.rates.get(key);
  }

  /** Adds files. One that belongs to an unfinished upload of the course continues that. */
  add(chosen: readonly ChosenFile[], { courseId, replaces = null }: { courseId: string; replaces?: string | null }): void {
    for (const one of chosen) {
      const unfinished = this.shown.value.find((item) => item.courseId === courseId && item.replaces === replaces && this.waitsFor(item, one.file));
      if (unfinished) this.continueWith(unfinished.key, one);
      else this.addNew(one, { courseId, replaces });
    }
    this.startNext();
  }

  /** Shows what the server still waits for. What is here already stays. */
  async restore(uploads: readonly UploadView[]): Promise<void> {
    const known = new Set(this.shown.value.map(({ url }) => url));
    const found = uploads.filter(({ state, url }) => state === 'receiving' && !known.has(url));
    this.shown.value = [...this.shown.value, ...found.map((upload) => this.itemOf(upload))];
    await Promise.all(found.map(({ id, url }) => this.findFile(id, url)));
  }

  /** Gives an unfinished upload its file. @returns false if it is another file */
  giveFile(key: string, chosen: ChosenFile): boolean {
    const item = this.find(key);
    if (!item || !this.isSameFile(item, chosen.file)) return false;
    this.continueWith(key, chosen);
    this.startNext();
    return true;
  }

  /** Asks the browser for a file that it has kept. Needs a click of the person. */
  async askForFile(key: string): Promise<boolean> {
    const item = this.find(key);
    const handle = item?.url ? await this.options.handles.find(item.url) : undefined;
    const file = handle && (await this.options.handles.open(handle, { mayAsk: true }));
    return file !== undefined && this.giveFile(key, { file, title: item?.title ?? '', handle });
  }

  pause(key: string): void {
    this.take(key, { kind: 'paused' });
  }

  resume(key: string): void {
    if (!this.files.has(key)) return;
    this.take(key, { kind: 'resumed' });
    if (!this.options.isOnline()) this.take(key, { kind: 'wentOffline' });
  }

  rename(key: string, title: string): void {
    this.take(key, { kind: 'named', title });
    const item = this.find(key);
    if (item?.url) this.options.stored.keepTitle(item.url, title);
  }

  /** Ends an upload for good. What has arrived is deleted. @throws if the server cannot delete it; it then stays in the list */
  async cancel(key: string): Promise<void> {
    this.take(key, { kind: 'paused' });
    const url = this.find(key)?.url;
    if (url) await this.options.cancelOnServer(url);
    this.remove(key);
  }

  /** The connection of the device came or went. */
  connectionChanged(): void {
    const kind = this.options.isOnline() ? 'wentOnline' : 'wentOffline';
    for (const { key } of this.shown.value) this.take(key, { kind });
  }

  /** Forgets all of them, and stops what is sent. They stay on the server. */
  clear(): void {
    for (const { key } of this.shown.value) this.release(key);
    this.shown.value = [];
  }

  private find(key: string): UploadItem | undefined {
    return this.shown.value.find((item) => item.key === key);
  }

  private waitsFor(item: UploadItem, file: File): boolean {
    return !isActive(item) && !this.files.has(item.key) && this.isSameFile(item, file);
  }

  private isSameFile(item: UploadItem, file: File): boolean {
    const modifiedMs = item.url === null ? undefined : this.options.stored.modifiedMsOf(item.url);
    return isFileOf(item, file) && (modifiedMs === undefined || modifiedMs === file.lastModified);
  }

  private addNew(chosen: ChosenFile, { courseId, replaces }: { courseId: string; replaces: string | null }): void {
    const key = this.options.newKey();
    const { file, title } = chosen;
    const item: UploadItem = {
      key, courseId, replaces, title, fileName: file.name, bytes: file.size, sentBytes: 0, url: null, videoId: replaces,
      stage: { kind: this.options.isOnline() ? 'waiting' : 'offline' }, failures: 0,
    };
    this.files.set(key, chosen);
    this.shown.value = [...this.shown.value, item];
  }

  private itemOf({ id, courseId, replaces, title, fileName, bytes, offset, url, videoId }: UploadView): UploadItem {
    return {
      key: id, courseId, replaces: replaces ? videoId : null, title: this.options.stored.titleOf(url) ?? title, fileName, bytes,
      sentBytes: offset, url, videoId, stage: { kind: 'needsFile' }, failures: 0,
    };
  }

  private async findFile(key: string, url: string): Promise<void> {
    const { handles } = this.options;
    const handle = await handles.find(url);
    if (!handle) return;
    const file = await handles.open(handle, { mayAsk: false });
    if (file) this.giveFile(key, { file, title: '', handle });
    else this.take(key, { kind: 'askedForPermission' });
  }

  private continueWith(key: string, chosen: ChosenFile): void {
    this.files.set(key, chosen);
    this.keepHandle(key);
    this.resume(key);
  }

  private take(key: string, event: UploadEvent): void {
    const before = this.find(key);
    const after = before && afterEvent(before, event);
    if (!after || after === before) return;
    this.replace(after);
    if (after.stage.kind === before.stage.kind) return;
    if (after.stage.kind !== 'sending') this.stop(key);
    this.startNext();
  }

  private replace(changed: UploadItem): void {
    this.shown.value = this.shown.value.map((item) => (item.key === changed.key ? changed : item));
  }

  private startNext(): void {
    for (const item of nextToStart(this.shown.value, maxAtOnce)) {
      const chosen = this.files.get(item.key);
      if (!chosen || this.transfers.has(item.key)) continue;
      this.replace(afterEvent(item, { kind: 'started' }));
      this.start(item, chosen.file);
    }
  }

  private start({ key, url, courseId, title, replaces }: UploadItem, file: File): void {
    this.rates.set(key, new TransferRate());
    const transfer = this.options.startTransfer({
      file,
      url,
      metadata: { courseId, title, replaces },
      onLocated: (at) => this.located(key, at, file),
      onSent: (bytes) => this.sent(key, bytes),
      onDone: () => this.arrived(key),
      onFailed: (error) => this.failed(key, error),
    });
    this.transfers.set(key, transfer);
  }

  private located(key: string, at: { url: string; videoId: string | null }, file: File): void {
    this.take(key, { kind: 'located', ...at });
    this.options.stored.keepFile(at.url, file.lastModified);
    this.keepHandle(key);
    // The title may have been changed while the upload was created.
    const item = this.find(key);
    if (item) this.options.stored.keepTitle(at.url, item.title);
  }

  private keepHandle(key: string): void {
    const url = this.find(key)?.url;
    const handle = this.files.get(key)?.handle;
    if (url && handle) this.options.handles.keep(url, handle);
  }

  private sent(key: string, bytes: number): void {
    const nowMs = this.options.nowMs();
    this.rates.get(key)?.add(nowMs, bytes);
    const isDue = nowMs - (this.shownAtMs.get(key) ?? -shownEveryMs) >= shownEveryMs;
    if (!isDue && bytes < (this.find(key)?.bytes ?? 0)) return;
    this.shownAtMs.set(key, nowMs);
    this.take(key, { kind: 'sent', bytes });
  }

  private arrived(key: string): void {
    const item = this.find(key);
    this.remove(key);
    if (item) this.options.onArrived({ ...item, sentBytes: item.bytes });
  }

  private failed(key: string, error: unknown): void {
    const item = this.find(key);
    if (!item) return;
    if (!this.options.isOnline()) return this.take(key, { kind: 'wentOffline' });
    const losses = this.losses.get(key) ?? 0;
    const next = decideUploadRetry(error, { failures: item.failures, losses });
    if (next.kind === 'never') return this.take(key, { kind: 'failed', error });
    if (next.kind === 'fromStart') {
      this.losses.set(key, losses + 1);
      if (item.url) this.forget(item.url);
      this.take(key, { kind: 'lost' });
    }
    this.retryAfter(key, next.kind === 'later' ? next.delayMs : 0, error);
  }

  private retryAfter(key: string, delayMs: number, error: unknown): void {
    this.take(key, { kind: 'postponed', atMs: this.options.nowMs() + delayMs, error });
    this.timers.set(key, this.options.after(delayMs, () => this.take(key, { kind: 'due' })));
  }

  private stop(key: string): void {
    this.transfers.get(key)?.stop();
    this.transfers.delete(key);
    this.timers.get(key)?.();
    this.timers.delete(key);
  }

  private release(key: string): void {
    this.stop(key);
    for (const map of [this.files, this.rates, this.losses, this.shownAtMs]) map.delete(key);
  }

  private remove(key: string): void {
    const url = this.find(key)?.url;
    if (url) this.forget(url);
    this.release(key);
    this.shown.value = this.shown.value.filter((item) => item.key !== key);
    this.startNext();
  }

  private forget(url: string): void {
    this.options.stored.forget(url);
    this.options.handles.forget(url);
  }
}

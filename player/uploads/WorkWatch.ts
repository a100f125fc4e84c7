import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import * as z from 'zod';
import type { KeyValues } from './StoredUploads.ts';
import { afterLook, isOngoing, WorkEntry } from './workEntry.ts';
import type { WorkLook, WorkNews } from './workEntry.ts';

export interface WorkWatchOptions {
  /** @throws if the server cannot be reached; the entry then stays as it is */
  look(entry: WorkEntry): Promise<WorkLook>;
  /** Gives the video the title that the person has chosen while it was uploaded. */
  rename(entry: WorkEntry): Promise<void>;
  onNews(entry: WorkEntry, news: WorkNews): void;
  values: KeyValues;
  userId: string;
  isVisible(): boolean;
  after(delayMs: number, run: () => void): () => void;
}

const lookEveryMs = 3000;
/** Nobody watches the progress; the news may come a little later. */
const lookHiddenEveryMs = 20_000;
/** Videos that are remembered over a reload. */
const maxEntries = 50;

/**
 * In charge of the videos that the server makes for this person: their progress, and the news when one is ready or has failed. It
 * remembers them over a reload. Owns its timer.
 */
export class WorkWatch {
  private readonly shown = signal<readonly WorkEntry[]>([]);
  private readonly options: WorkWatchOptions;
  private cancelTimer: (() => void) | undefined;
  private isClosed = false;

  constructor(options: WorkWatchOptions) {
    this.options = options;
    this.shown.value = this.stored();
    this.schedule(0);
  }

  get entries(): ReadonlySignal<readonly WorkEntry[]> {
    return this.shown;
  }

  /** Follows a video until its work ends. Following it again begins again. */
  follow(entry: Omit<WorkEntry, 'phase' | 'isAnnounced'>): void {
    const others = this.shown.value.filter(({ videoId }) => videoId !== entry.videoId);
    const phase = entry.uploadId === null ? { kind: 'working' as const, stage: 'waiting', share: 0, isPlayable: true } : { kind: 'checking' as const, note: null };
    this.show([...others, { ...entry, phase, isAnnounced: false }].slice(-maxEntries));
    this.schedule(lookEveryMs);
  }

  dismiss(videoId: string): void {
    this.show(this.shown.value.filter((entry) => entry.videoId !== videoId));
  }

  dismissEnded(): void {
    this.show(this.shown.value.filter(isOngoing));
  }

  close(): void {
    this.isClosed = true;
    this.cancelTimer?.();
  }

  private schedule(delayMs: number): void {
    this.cancelTimer?.();
    if (!this.isClosed && this.shown.value.some(isOngoing)) this.cancelTimer = this.options.after(delayMs, () => void this.lookAtAll());
  }

  private async lookAtAll(): Promise<void> {
    await Promise.all(this.shown.value.filter(isOngoing).map((entry) => this.lookAt(entry)));
    this.schedule(this.options.isVisible() ? lookEveryMs : lookHiddenEveryMs);
  }

  private async lookAt(entry: WorkEntry): Promise<void> {
    try {
      const look = await this.options.look(entry);
      const isRenamed = look.video !== undefined && entry.uploadId !== null && look.video.title !== entry.title;
      if (isRenamed) await this.options.rename(entry);
      this.take(entry, look);
    } catch {
      // The next look finds out.
    }
  }

  private take(before: WorkEntry, look: WorkLook): void {
    const now = this.shown.value.find(({ videoId }) => videoId === before.videoId);
    if (this.isClosed || now !== before) return;
    const after = afterLook(before, look);
    if (!after) return this.dismiss(before.videoId);
    this.show(this.shown.value.map((entry) => (entry === before ? after.entry : entry)));
    if (after.news) this.options.onNews(after.entry, after.news);
  }

  private show(entries: readonly WorkEntry[]): void {
    this.shown.value = entries;
    try {
      this.options.values.setItem(this.storageKey(), JSON.stringify(entries));
    } catch {
      // Without storage, they are forgotten with the page.
    }
  }

  private stored(): readonly WorkEntry[] {
    try {
      return z.array(WorkEntry).catch([]).parse(JSON.parse(this.options.values.getItem(this.storageKey()) ?? '[]'));
    } catch {
      return [];
    }
  }

  private storageKey(): string {
    return `lectern.videoWork.${this.options.userId}`;
  }
}

import { computed, effect, signal, untracked } from '@preact/signals';
import { ApiError } from '#api/contract';
import { CodedError } from '#engine/contract';
import { background } from '../app/background.ts';
import { goTo } from '../app/goTo.ts';
import { paths } from '../app/paths.ts';
import { account, accountStore, api, canTeach } from '../app/services.ts';
import { titleShare } from '../app/usePageTitle.ts';
import { showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { sentenceFor } from '../text/sentenceFor.ts';
import { errorCodeOf } from './failureSentence.ts';
import { FileHandles } from './FileHandles.ts';
import { cancelTusUpload, tusTransfers } from './startTusTransfer.ts';
import type { TusServer } from './startTusTransfer.ts';
import { StoredUploads } from './StoredUploads.ts';
import { isActive, sentShare } from './uploadItem.ts';
import type { UploadItem } from './uploadItem.ts';
import { UploadQueue } from './UploadQueue.ts';
import type { WorkEntry, WorkLook, WorkNews } from './workEntry.ts';
import { WorkWatch } from './WorkWatch.ts';

/** The uploads of the signed-in person, and the videos that the server makes of them. */
export interface Uploads {
  queue: UploadQueue;
  watch: WorkWatch;
  /** Shows what the server still waits for. */
  restore(): void;
  close(): void;
}

const opened = signal<Uploads | undefined>(undefined);
/** Undefined while nobody is signed in. */
export const uploads = computed(() => opened.value);

const userId = computed(() => account.value?.id);

/** Follows who is signed in. Runs as long as the page. */
export function startUploads(): () => void {
  return effect(() => {
    const id = userId.value;
    if (id === undefined) return;
    const mine = untracked(() => openUploads(id));
    opened.value = mine;
    return () =>
      untracked(() => {
        opened.value = undefined;
        mine.close();
      });
  });
}

const server: TusServer = {
  endpoint: new URL('/api/v1/content/uploads', location.origin).href,
  accessToken: () => accountStore.token,
  renewToken: () => accountStore.refresh(),
  explainRefusal: async (url) => {
    try {
      const problem = (await api.listUploads()).uploads.find((upload) => upload.url === url)?.problem;
      return problem ? new CodedError(errorCodeOf(problem.code), problem.message) : new CodedError('upload.notFound', text.errors['upload.notFound']);
    } catch (error) {
      return error;
    }
  },
};

function openUploads(id: string): Uploads {
  const after = (delayMs: number, run: () => void) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  };
  const watch = new WorkWatch({ look, rename, onNews: tell, values: localStorage, userId: id, isVisible: () => document.visibilityState === 'visible', after });
  const queue = new UploadQueue({
    startTransfer: tusTransfers(server),
    cancelOnServer: (url) => cancelTusUpload(server, url),
    stored: new StoredUploads(localStorage, id),
    handles: new FileHandles(),
    isOnline: () => navigator.onLine,
    nowMs: () => performance.now(),
    after,
    newKey: () => crypto.randomUUID(),
    onArrived: ({ url, videoId, courseId, title }: UploadItem) => {
      if (videoId !== null) watch.follow({ videoId, courseId, title, uploadId: url?.split('/').at(-1) ?? null });
    },
  });
  const restore = () => background(restoreFrom(queue));
  // Students have none, and instructors may have begun them on another device.
  if (canTeach(account.peek())) restore();
  const stops = [followConnection(queue), askBeforeLeaving(queue), showShareInTitle(queue)];
  return {
    queue,
    watch,
    restore,
    close: () => {
      for (const stop of stops) stop();
      queue.clear();
      watch.close();
    },
  };
}

async function restoreFrom(queue: UploadQueue): Promise<void> {
  try {
    await queue.restore((await api.listUploads()).uploads);
  } catch {
    // The pages of uploads ask again.
  }
}

function followConnection(queue: UploadQueue): () => void {
  const changed = () => queue.connectionChanged();
  addEventListener('online', changed);
  addEventListener('offline', changed);
  return () => {
    removeEventListener('online', changed);
    removeEventListener('offline', changed);
  };
}

function askBeforeLeaving(queue: UploadQueue): () => void {
  const ask = (event: BeforeUnloadEvent) => {
    if (queue.items.peek().some(isActive)) event.preventDefault();
  };
  addEventListener('beforeunload', ask);
  return () => removeEventListener('beforeunload', ask);
}

function showShareInTitle(queue: UploadQueue): () => void {
  const stop = effect(() => {
    titleShare.value = sentShare(queue.items.value);
  });
  return () => {
    stop();
    titleShare.value = undefined;
  };
}

async function look({ videoId, uploadId }: WorkEntry): Promise<WorkLook> {
  const upload = uploadId === null ? undefined : (await api.listUploads()).uploads.find(({ id }) => id === uploadId);
  return { upload, video: await videoOf(videoId) };
}

async function videoOf(videoId: string): Promise<WorkLook['video']> {
  try {
    return await api.getVideo({ params: { videoId } });
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return undefined;
    throw error;
  }
}

async function rename({ videoId, title }: WorkEntry): Promise<void> {
  try {
    await api.updateVideo({ params: { videoId }, body: { title } });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    showToast({ text: sentenceFor(error), tone: 'danger' });
  }
}

function tell(entry: WorkEntry, { kind }: WorkNews): void {
  const open = (path: string) => ({ onSelect: () => goTo(path) });
  if (kind === 'failed') showToast({ text: text.uploads.hasFailed(entry.title), tone: 'danger', action: { label: text.uploads.details, ...open(paths.video(entry.videoId)) } });
  else showToast({ text: text.uploads.isReady(entry.title), action: { label: text.uploads.watch, ...open(paths.watch(entry.videoId)) } });
}

import { maxTitleLength } from '#api/contract';
import type { StoredHandle } from './FileHandles.ts';
import { titleOf } from './uploadItem.ts';
import type { ChosenFile } from './UploadQueue.ts';

interface FileHandle extends StoredHandle {
  kind: 'file' | 'directory';
}

/** What browsers with the File System Access API have. */
interface FilePicker {
  showOpenFilePicker?: (this: void, options: { multiple: boolean; id: string; startIn: string }) => Promise<FileHandle[]>;
}
interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileHandle | null>;
}

/** Types that file dialogs offer first. Which files are videos, the server finds out. */
export const acceptedTypes = 'video/*,audio/*,.mkv,.mov,.avi,.mts,.m2ts,.ts,.mxf,.flv,.wmv';

/** Lets the person choose files. Resolves to none if they choose nothing. */
export async function chooseFiles({ isMultiple }: { isMultiple: boolean }): Promise<ChosenFile[]> {
  const { showOpenFilePicker } = globalThis as FilePicker;
  if (!showOpenFilePicker) return chooseByInput(isMultiple);
  try {
    const handles = await showOpenFilePicker({ multiple: isMultiple, id: 'lectern-videos', startIn: 'videos' });
    return await Promise.all(handles.map(async (handle) => chosenOf(await handle.getFile(), handle)));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return [];
    return chooseByInput(isMultiple);
  }
}

/** The files of a drop. Folders are left out. Has to be called within the event. */
export async function droppedFiles(transfer: DataTransfer): Promise<{ files: ChosenFile[]; hasFolder: boolean }> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const found = items.map((item) => ({ file: item.getAsFile(), isFolder: item.webkitGetAsEntry()?.isDirectory ?? false, handle: handleOf(item) }));
  const files = await Promise.all(found.filter(({ isFolder }) => !isFolder).map(async ({ file, handle }) => file && chosenOf(file, await handle)));
  return { files: files.filter((file) => file !== null), hasFolder: found.some(({ isFolder }) => isFolder) };
}

export function chosenOf(file: File, handle?: StoredHandle): ChosenFile {
  return { file, title: titleOf(file.name, maxTitleLength), handle };
}

function handleOf(item: DataTransferItem): Promise<StoredHandle | undefined> {
  const asked = (item as HandleItem).getAsFileSystemHandle?.();
  return Promise.resolve(asked).then((handle) => (handle?.kind === 'file' ? handle : undefined), () => undefined);
}

function chooseByInput(isMultiple: boolean): Promise<ChosenFile[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = isMultiple;
    input.accept = acceptedTypes;
    input.addEventListener('change', () => resolve([...(input.files ?? [])].map((file) => chosenOf(file))));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

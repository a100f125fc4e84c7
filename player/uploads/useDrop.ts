import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { background } from '../app/background.ts';
import { showToast } from '../design/index.ts';
import { text } from '../text/index.ts';
import { droppedFiles } from './chooseFiles.ts';
import type { ChosenFile } from './UploadQueue.ts';

/** Lets files be dropped anywhere on an element. @returns whether files are over it now */
export function useDrop(area: RefObject<HTMLElement>, onFiles: ((files: ChosenFile[]) => void) | undefined): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const element = area.current;
    if (!element || !onFiles) return;
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!element.contains(event.relatedTarget as Node | null)) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(false);
      background(take(event.dataTransfer, onFiles));
    };
    element.addEventListener('dragover', over);
    element.addEventListener('dragleave', leave);
    element.addEventListener('drop', drop);
    return () => {
      element.removeEventListener('dragover', over);
      element.removeEventListener('dragleave', leave);
      element.removeEventListener('drop', drop);
    };
  }, [onFiles]);
  return isOver;
}

async function take(transfer: DataTransfer, onFiles: (files: ChosenFile[]) => void): Promise<void> {
  const { files, hasFolder } = await droppedFiles(transfer);
  if (hasFolder) showToast({ text: text.uploads.folder, tone: 'danger' });
  if (files.length > 0) onFiles(files);
}

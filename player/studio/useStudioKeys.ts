import { useEffect } from 'preact/hooks';
import { studioCommandOf } from './studioKeys.ts';
import type { StudioCommand } from './studioKeys.ts';

const users = 'input:not([type="radio"]), textarea, select, [contenteditable], [role="menu"], dialog[open], media-controller';

/** Runs the commands of the studio's keys. */
export function useStudioKeys(run: (command: StudioCommand) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isTaken = event.defaultPrevented || document.querySelector('dialog[open]') !== null || (event.target instanceof Element && event.target.closest(users) !== null);
      const command = studioCommandOf({ key: event.key, hasModifier: event.ctrlKey || event.metaKey || event.altKey, isRepeated: event.repeat, isTaken });
      if (!command) return;
      event.preventDefault();
      run(command);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
}

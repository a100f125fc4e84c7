import { useRef, useState } from 'preact/hooks';
import { text } from '../text/index.ts';
import type { LibraryVideo } from './libraryApi.ts';
import { rovingIndex } from './rovingIndex.ts';
import type { Selection } from './selection.ts';
import { extendedTo, toggled } from './selection.ts';
import { VideoItem } from './VideoItem.tsx';
import type { VideoMenuActions } from './VideoMenu.tsx';
import './library.css';

interface VideoGridProps {
  videos: readonly LibraryVideo[];
  layout: 'grid' | 'list';
  isCourseKnown: boolean;
  isBusy: boolean;
  canManage: (video: LibraryVideo) => boolean;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  actions: VideoMenuActions;
}

/**
 * The videos. Tab reaches one of them; the arrow keys go to the others, Space selects one, and with Shift all up to it.
 */
export function VideoGrid({ videos, layout, isCourseKnown, isBusy, canManage, selection, onSelection, actions }: VideoGridProps) {
  const list = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState<string>();
  const shown = videos.map(({ id }) => id as string);
  const currentIndex = Math.max(0, current === undefined ? 0 : shown.indexOf(current));
  const selectable = videos.filter(canManage).map(({ id }) => id as string);
  const select = (id: string, isRange: boolean) => onSelection(isRange ? extendedTo(selection, id, selectable) : toggled(selection, id));

  function onKey(event: KeyboardEvent) {
    const links = linksOf(list.current);
    const index = links.indexOf(event.target as HTMLElement);
    const video = videos[index];
    if (!video || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ' && canManage(video)) select(video.id, event.shiftKey);
    else {
      const next = rovingIndex(event.key, { index, count: links.length, columns: columnsOf(links) });
      if (next === undefined) return;
      links[next]?.focus();
    }
    event.preventDefault();
  }

  return (
    <ul ref={list} class={`videos videos--${layout}`} aria-label={text.library.title} aria-busy={isBusy} onKeyDown={onKey}>
      {videos.map((video, index) => (
        <VideoItem
          key={video.id}
          video={video}
          canManage={canManage(video)}
          isCourseKnown={isCourseKnown}
          isSelected={selection.ids.has(video.id)}
          isSelecting={selection.ids.size > 0}
          isCurrent={index === currentIndex}
          onSelect={(isRange) => select(video.id, isRange)}
          onFocus={() => setCurrent(video.id)}
          actions={actions}
        />
      ))}
    </ul>
  );
}

function linksOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[data-roving]') ?? [])];
}

/** Items beside each other: those with the same top as the first. */
function columnsOf(links: readonly HTMLElement[]): number {
  const top = links[0]?.getBoundingClientRect().top;
  const below = links.findIndex((link) => link.getBoundingClientRect().top !== top);
  return below < 0 ? Math.max(1, links.length) : below;
}

import { ArrowDown, ArrowDownToLine, ArrowUp, ArrowUpToLine, Ellipsis, Pencil, Play, RefreshCw, Scissors, Trash2 } from 'lucide-preact';
import { useLocation } from 'preact-iso';
import { paths } from '../app/paths.ts';
import { Menu } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { text } from '../text/index.ts';
import type { LibraryVideo } from './libraryApi.ts';

export type Move = 'first' | 'up' | 'down' | 'last';

export interface VideoMenuActions {
  /** Undefined where the videos are in no order that can be changed. */
  onMove: ((video: LibraryVideo, move: Move) => void) | undefined;
  onTranscode: (video: LibraryVideo) => void;
  /** What deletes the video; undefined for those who may not. */
  onDelete: (video: LibraryVideo) => (() => void) | undefined;
}

const moves = [
  ['first', ArrowUpToLine],
  ['up', ArrowUp],
  ['down', ArrowDown],
  ['last', ArrowDownToLine],
] as const;

/** What can be done with one video of the library. */
export function VideoMenu({ video, actions: { onMove, onTranscode, onDelete } }: { video: LibraryVideo; actions: VideoMenuActions }) {
  const { route } = useLocation();
  const moveLabels: Record<Move, string> = { first: text.library.moveFirst, up: text.library.moveUp, down: text.library.moveDown, last: text.library.moveLast };
  const remove = video.state === 'live' ? undefined : onDelete(video);
  const isPlayable = video.state === 'ready' || video.state === 'live';
  const items: MenuItem[] = [
    { key: 'edit', label: text.library.edit, icon: <Pencil aria-hidden="true" />, onSelect: () => route(paths.video(video.id)) },
    ...(isPlayable ? [{ key: 'editor', label: text.editor.open, icon: <Scissors aria-hidden="true" />, onSelect: () => route(paths.editor(video.id)) }] : []),
    ...(isPlayable ? [{ key: 'watch', label: text.library.watch, icon: <Play aria-hidden="true" />, onSelect: () => route(paths.watch(video.id)) }] : []),
    ...(onMove
      ? moves.map(([move, Icon], index): MenuItem => ({ key: move, label: moveLabels[move], icon: <Icon aria-hidden="true" />, isGroupStart: index === 0, onSelect: () => onMove(video, move) }))
      : []),
    ...(video.state === 'live' ? [] : [{ key: 'transcode', label: text.library.transcode, icon: <RefreshCw aria-hidden="true" />, isGroupStart: true, onSelect: () => onTranscode(video) }]),
    ...(remove ? [{ key: 'delete', label: text.library.delete, icon: <Trash2 aria-hidden="true" />, isDanger: true, onSelect: remove }] : []),
  ];
  return <Menu class="video__menu" label={text.library.menu(video.title)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={items} />;
}

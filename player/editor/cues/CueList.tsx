import { Ellipsis } from 'lucide-preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { maxCueLength } from '#recorder/contract';
import type { Cue } from '#recorder/contract';
import { Menu } from '../../design/index.ts';
import { formatClock } from '../../text/format.ts';
import { text } from '../../text/index.ts';
import { cueIndexAt, joined, split, withEnd, without, withStart, withText } from './cueEdits.ts';
import type { CaptionDraft } from './useCaptionDraft.ts';
import { visibleRows } from './visibleRows.ts';

interface CueListProps {
  label: string;
  draft: CaptionDraft;
  positionMs: number;
  seek: (ms: number) => void;
  /** A cue that gets the focus, because it was added. */
  focused: number | undefined;
}

const rowPx = 92;

/** The cues of a track. Only those in sight are in the page. It follows the playhead until somebody types in it. */
export function CueList({ label, draft, positionMs, seek, focused }: CueListProps) {
  const { cues } = draft;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ scrollPx: 0, heightPx: 600 });
  const current = cueIndexAt(cues, positionMs);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setView({ scrollPx: element.scrollTop, heightPx: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const show = (index: number) => {
    const element = box.current;
    if (!element || index < 0) return;
    const top = index * rowPx;
    if (top < element.scrollTop || top + rowPx > element.scrollTop + element.clientHeight) element.scrollTop = Math.max(0, top - rowPx);
  };
  useEffect(() => {
    if (!box.current?.contains(document.activeElement)) show(current);
  }, [current]);
  useEffect(() => {
    if (focused === undefined) return;
    show(focused);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-cue="${focused}"] textarea`)?.focus());
  }, [focused, cues.length]);

  const { first, end } = visibleRows({ count: cues.length, rowPx, ...view });
  return (
    <div ref={box} class="cues" data-scroller onScroll={(event) => setView({ scrollPx: event.currentTarget.scrollTop, heightPx: event.currentTarget.clientHeight })}>
      <ol class="cues__rows" aria-label={text.editor.cueList(label)} style={{ height: `${cues.length * rowPx}px` }}>
        {cues.slice(first, end).map((cue, at) => (
          <CueRow key={first + at} cue={cue} index={first + at} count={cues.length} isCurrent={first + at === current} draft={draft} positionMs={positionMs} seek={seek} />
        ))}
      </ol>
    </div>
  );
}

interface CueRowProps {
  cue: Cue;
  index: number;
  count: number;
  isCurrent: boolean;
  draft: CaptionDraft;
  positionMs: number;
  seek: (ms: number) => void;
}

function CueRow({ cue, index, count, isCurrent, draft, positionMs, seek }: CueRowProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const { cues, change } = draft;
  const at = formatClock(cue.startMs);
  const items = [
    { key: 'start', label: text.editor.cueStart, onSelect: () => change(withStart(cues, index, positionMs)) },
    { key: 'end', label: text.editor.cueEnd, onSelect: () => change(withEnd(cues, index, positionMs)) },
    { key: 'split', label: text.editor.splitCue, isGroupStart: true, onSelect: () => change(split(cues, index, { atText: area.current?.selectionStart || Math.floor(cue.text.length / 2), playheadMs: positionMs })) },
    ...(index + 1 < count ? [{ key: 'join', label: text.editor.joinCue, onSelect: () => change(joined(cues, index)) }] : []),
    { key: 'delete', label: text.editor.deleteCue, isDanger: true, isGroupStart: true, onSelect: () => change(without(cues, index)) },
  ];
  return (
    <li class="cue" data-cue={index} aria-setsize={count} aria-posinset={index + 1} aria-current={isCurrent ? 'true' : undefined} style={{ top: `${index * rowPx}px` }}>
      <button type="button" class="cue__time tabular" aria-label={text.editor.playFrom(at)} onClick={() => seek(cue.startMs)}>
        <span>{at}</span>
        <span class="quiet">{formatClock(cue.endMs)}</span>
      </button>
      <textarea
        ref={area}
        class="cue__text"
        dir="auto"
        rows={2}
        maxLength={maxCueLength}
        aria-label={text.editor.cueText(at)}
        value={cue.text}
        onInput={(event) => change(withText(cues, index, event.currentTarget.value), { isTyping: true })}
      />
      <Menu label={`${text.editor.cueText(at)}: …`} isIconOnly trigger={<Ellipsis aria-hidden="true" size={18} />} items={items} />
    </li>
  );
}

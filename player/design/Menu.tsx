import { Check } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ButtonVariant } from './Button.tsx';
import './Menu.css';

export interface MenuItem {
  key: string;
  label: string;
  /** The language of the label, if it is not that of the page. */
  lang?: string;
  icon?: ComponentChildren;
  isDanger?: boolean;
  /** A line above it separates it from other items. */
  isGroupStart?: boolean;
  /** Set for an item that is one of several choices; the chosen one has a tick. */
  isChecked?: boolean;
  onSelect: () => void;
}

interface MenuProps {
  label: string;
  trigger: ComponentChildren;
  items: readonly MenuItem[];
  head?: ComponentChildren;
  variant?: ButtonVariant;
  isIconOnly?: boolean;
  /** The preferred side, used if the list fits there. */
  side?: 'below' | 'above';
  class?: string;
}

/** A button that opens a list of actions or choices. Supports the arrow keys, Home, End and Escape. */
export function Menu({ label, trigger, items, head, variant = 'quiet', isIconOnly, side = 'below', class: more }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (!isOpen || !list.current || !button.current) return;
    list.current.showPopover();
    placeBeside(list.current, button.current, side);
    focusItem(box.current, 0);
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return;
    const closeOutside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const closeNow = () => setOpen(false);
    document.addEventListener('pointerdown', closeOutside);
    addEventListener('resize', closeNow);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      removeEventListener('resize', closeNow);
    };
  }, [isOpen]);

  function close() {
    setOpen(false);
    button.current?.focus();
  }

  return (
    <div
      ref={box}
      class="menu"
      onKeyDown={(event) => {
        if (isOpen) handleKey(event, box.current, close);
      }}
    >
      <button
        ref={button}
        type="button"
        class={`button button--${variant} ${isIconOnly ? 'button--icon' : ''} ${more ?? ''}`}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={isIconOnly ? label : undefined}
        title={isIconOnly ? label : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {trigger}
      </button>
      {isOpen ? (
        <div ref={list} class="menu__list" popover="manual" role="menu" aria-label={label}>
          {head ? <div class="menu__head">{head}</div> : null}
          {items.map((item) => (
            <MenuEntry key={item.key} item={item} onChosen={close} />
          ))}
        </div>
      ) : null}
    </div>
  );
}

function MenuEntry({ item, onChosen }: { item: MenuItem; onChosen: () => void }) {
  const isChoice = item.isChecked !== undefined;
  return (
    <button
      type="button"
      tabIndex={-1}
      class={`menu__item ${item.isDanger ? 'menu__item--danger' : ''} ${item.isGroupStart ? 'menu__item--group' : ''}`}
      role={isChoice ? 'menuitemradio' : 'menuitem'}
      aria-checked={item.isChecked}
      onClick={() => {
        onChosen();
        item.onSelect();
      }}
    >
      {isChoice ? <span class="menu__tick">{item.isChecked ? <Check aria-hidden="true" /> : null}</span> : null}
      {item.icon}
      {item.lang === undefined ? item.label : <span lang={item.lang}>{item.label}</span>}
    </button>
  );
}

const gapPx = 4;
const edgePx = 8;

/** Places the list on the preferred side of the button if it fits there, else on the other side, and always inside the window. */
function placeBeside(list: HTMLElement, button: HTMLElement, side: 'below' | 'above'): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = list;
  const below = at.bottom + gapPx;
  const above = at.top - gapPx - height;
  const fitsBelow = below + height <= innerHeight - edgePx;
  const top = fitsBelow && (side === 'below' || above < edgePx) ? below : above;
  const left = at.left + width <= innerWidth - edgePx ? at.left : at.right - width;
  list.style.top = `${Math.min(Math.max(edgePx, top), Math.max(edgePx, innerHeight - edgePx - height))}px`;
  list.style.left = `${Math.max(edgePx, left)}px`;
}

function handleKey(event: KeyboardEvent, box: HTMLElement | null, close: () => void) {
  const entries = entriesOf(box);
  const current = entries.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: entries.length - 1 }[event.key];
  if (event.key === 'Escape') close();
  else if (next !== undefined) focusItem(box, next);
  else if (event.key === 'Tab') {
    close();
    return;
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function focusItem(box: HTMLElement | null, index: number) {
  const entries = entriesOf(box);
  entries.at(index % Math.max(entries.length, 1))?.focus();
}

function entriesOf(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
}

import { Check } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ButtonVariant } from './Button.tsx';
import './Menu.css';

export interface MenuItem {
  key: string;
  label: string;
  icon?: ComponentChildren;
  isDanger?: boolean;
  /** Set for one of several choices; the chosen one carries a tick. */
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
  side?: 'below' | 'above';
  align?: 'start' | 'end';
  class?: string;
}

/** A button that opens a list of actions or choices. Arrow keys, Home, End and Escape work as everywhere. */
export function Menu({ label, trigger, items, head, variant = 'quiet', isIconOnly, side = 'below', align = 'end', class: more }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!isOpen) return;
    focusItem(box.current, 0);
    const closeOutside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
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
        <div class={`menu__list menu__list--${side} menu__list--${align}`} role="menu" aria-label={label}>
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
      class={`menu__item ${item.isDanger ? 'menu__item--danger' : ''}`}
      role={isChoice ? 'menuitemradio' : 'menuitem'}
      aria-checked={item.isChecked}
      onClick={() => {
        onChosen();
        item.onSelect();
      }}
    >
      {isChoice ? <span class="menu__tick">{item.isChecked ? <Check aria-hidden="true" /> : null}</span> : null}
      {item.icon}
      {item.label}
    </button>
  );
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

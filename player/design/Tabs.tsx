import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import './Tabs.css';

export interface Tab {
  key: string;
  label: ComponentChildren;
  panel: ComponentChildren;
}

interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  /** With `selected`, the parent controls which tab is open. */
  selected?: string;
  onSelect?: (key: string) => void;
  class?: string;
}

/** Tabs with one visible panel. Panels that were opened before stay mounted and keep their state. */
export function Tabs({ label, tabs, selected, onSelect, class: more }: TabsProps) {
  const id = useId();
  const [own, setOwn] = useState(tabs[0]?.key ?? '');
  const open = selected ?? own;
  const opened = useRef(new Set<string>());
  opened.current.add(open);

  function select(key: string) {
    setOwn(key);
    onSelect?.(key);
  }

  function move(event: KeyboardEvent & { currentTarget: HTMLElement }) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const index = tabs.findIndex((tab) => tab.key === open);
    if (step === undefined || index < 0) return;
    event.preventDefault();
    const next = tabs.at((index + step) % tabs.length);
    if (!next) return;
    select(next.key);
    event.currentTarget.querySelector<HTMLElement>(`[data-key="${next.key}"]`)?.focus();
  }

  return (
    <div class={`tabs ${more ?? ''}`}>
      <div class="tabs__list" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            class="tabs__tab"
            id={`${id}-${tab.key}`}
            data-key={tab.key}
            aria-selected={tab.key === open}
            aria-controls={`${id}-${tab.key}-panel`}
            tabIndex={tab.key === open ? 0 : -1}
            onClick={() => select(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {tabs.map((tab) => (
        <div
          key={tab.key}
          class="tabs__panel"
          role="tabpanel"
          id={`${id}-${tab.key}-panel`}
          aria-labelledby={`${id}-${tab.key}`}
          hidden={tab.key !== open}
        >
          {opened.current.has(tab.key) ? tab.panel : null}
        </div>
      ))}
    </div>
  );
}

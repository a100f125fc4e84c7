import { Captions as CaptionsIcon, CaptionsOff } from 'lucide-preact';
import { Menu } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { text } from '../text/index.ts';
import type { Captions } from './Captions.ts';
import { captionSizes } from './captionSettings.ts';

/** Chooses the language of captions, and how they look. */
export function CaptionsMenu({ captions }: { captions: Captions }) {
  const chosen = captions.chosen.value;
  const { size, hasBackground } = captions.settings.value;
  const items: MenuItem[] = [
    { key: 'off', label: text.captions.off, isChecked: chosen === undefined, onSelect: () => captions.choose(undefined) },
    ...captions.tracks.map((track) => ({ key: track.id, label: track.label, lang: track.language, isChecked: track.id === chosen?.id, onSelect: () => captions.choose(track) })),
    ...captionSizes.map((each, index) => ({ key: each, label: text.captions.sizes[each], isGroupStart: index === 0, isChecked: each === size, onSelect: () => captions.change({ size: each }) })),
    { key: 'background', label: text.captions.background, isGroupStart: true, isChecked: hasBackground, onSelect: () => captions.change({ hasBackground: !hasBackground }) },
  ];
  const trigger = chosen ? <CaptionsIcon aria-hidden="true" /> : <CaptionsOff aria-hidden="true" />;
  return <Menu label={text.captions.title} isIconOnly trigger={trigger} items={items} head={captions.hasFailed.value ? text.captions.failed : text.captions.title} />;
}
